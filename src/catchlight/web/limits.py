"""Limits: how much a visitor may bring, ask and leave lying about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is allowed.

    Attributes
    ----------
    photo_bytes, body_bytes, store_bytes : int, of one file, of one request, of all that is kept
    photos : int, of one visitor
    megapixels : float, of a photo
    header_bytes : int, of all lines before a body
    visits, waiting, each_waiting : int
        Visitors at a time; calls that wait at one worker, and of one visitor.
    age_s, job_age_s : float, after which what nobody used is forgotten
    chunk_s, upload_s : float, most time between two pieces of an upload, and for all of it
    call_s : float, after which a worker that does not answer is replaced
    worker_mb : float, memory of a worker, above which it is replaced once it has answered
    at_once : int, requests in progress
    json_bytes : int, of a body that is no upload
    """

    photo_bytes: int = 60_000_000
    body_bytes: int = 200_000_000
    store_bytes: int = 4_000_000_000
    photos: int = 12
    megapixels: float = 64.0
    header_bytes: int = 16_384
    visits: int = 64
    waiting: int = 80
    each_waiting: int = 16
    age_s: float = 3600.0
    job_age_s: float = 900.0
    chunk_s: float = 15.0
    upload_s: float = 180.0
    call_s: float = 120.0
    worker_mb: float = 1500.0
    at_once: int = 200
    json_bytes: int = 2_000_000
