"""What a row of the model catalogue says: a pinned package, and a file inside it.

Vocabulary: a *package* is what the index serves (a wheel); a *member* is the file
inside it; an *inner* is a file inside a member that is itself a zip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Package:
    """One pinned download that holds one or more model files.

    Parameters
    ----------
    index : {"pip"}
        Which package manager fetches it, with the user's own index, proxy and mirrors.
    name, version : str
        The pin.
    size : int
        Bytes of the download, for progress.
    flags : tuple of str
        Further arguments of the package manager.
    """

    index: Literal["pip"]
    name: str
    version: str
    size: int
    flags: tuple[str, ...] = ()

    @property
    def pin(self) -> str:
        """The requirement as its package manager writes it."""
        return f"{self.name}=={self.version}"

    @property
    def slug(self) -> str:
        """The name as a file name."""
        return self.name.replace("/", "-")


@dataclass(frozen=True)
class ModelFile:
    """One row of the catalogue.

    Parameters
    ----------
    name : str
        The name used everywhere in Catchlight.
    purpose : str
        What it is for, in a few words for a person.
    package : Package
        Where it comes from.
    member : str
        File inside the package.
    sha256 : str
        Hash of the file as it is kept.
    size : int
        Its bytes, exactly.
    licence : str
        Licence of the weights (not of the package's code, which is not used).
    runtime : {"litert", "onnx", "ncnn", "dlib", "data"}
        Which runner takes it; ``data`` is read, not run.
    input, output : str
        Shape, dtype, range and normalisation.
    inner : str
        File inside ``member`` where that is a zip, else empty.
    optional : bool
        Fetched only where the user asks for it by name.
    taps : tuple of str
        Tensors inside its graph that :func:`catchlight.models.run_tapped` tells beside its answer.
    """

    name: str
    purpose: str
    package: Package
    member: str
    sha256: str
    size: int
    licence: str
    runtime: Literal["litert", "onnx", "ncnn", "dlib", "data"]
    input: str
    output: str
    inner: str = ""
    optional: bool = False
    taps: tuple[str, ...] = ()

    @property
    def filename(self) -> str:
        """Its name in the cache: ours, with the ending of the original."""
        ending = (self.inner or self.member).rpartition("/")[2].rpartition(".")[2]
        return f"{self.name}.{'onnx' if self.runtime == 'onnx' else ending}"

    @property
    def megabytes(self) -> float:
        """Size in MB (10^6 bytes), for people."""
        return self.size / 1e6
