"""What comes out beside the pictures: the sheet, the page to review, the table."""
