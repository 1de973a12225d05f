"""What happens in a worker process: photos looked at, scenes kept, and what is asked of them."""
