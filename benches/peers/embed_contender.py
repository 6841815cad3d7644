#!/usr/bin/env python3
"""A peer that embeds on request, for `embed.py`, which runs it beside others and beside Berika.

    python embed_contender.py sentence-transformers-f32|sentence-transformers-bf16 MODEL_DIR THREADS
    python embed_contender.py onnx-f32|onnx-int8|openvino-bf16 MODEL_DIR THREADS GRAPH_DIR

GRAPH_DIR is what `embed.py export` wrote. The requests are those of crates/embed/examples/contender.rs: lines of words parted by
tabs, one line in answer to each. A setting is a batch size, for graphs `GRAPH/SIZE`, for OpenVINO `GRAPH/HINT/SIZE`.

sentence-transformers sorts and batches by itself. For the graphs, which hold pooling and normalisation too, texts are tokenised on
all threads, sorted by length and padded to the longest of their batch, as its own code does.
"""

import itertools
import json
import pathlib
import sys
import time

import numpy as np

SIZES = ["8", "16", "32", "64"]


class SentenceTransformers:
    settings = SIZES + ["128"]

    def __init__(self, folder, threads, precision):
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
        self.model = SentenceTransformer(folder, device="cpu", model_kwargs={"torch_dtype": dtype})
        self.size = 32

    def set(self, setting):
        self.size = int(setting)

    def embed(self, texts):
        # As a tensor: NumPy has no bfloat16.
        vectors = self.model.encode(texts, batch_size=self.size, convert_to_tensor=True, show_progress_bar=False)
        return vectors.float().numpy()


class Graph:
    """Tokenising, sorting and batching around a graph; `compute(ids, mask)` gives unit vectors."""

    def __init__(self, folder):
        from tokenizers import Tokenizer

        folder = pathlib.Path(folder)
        most = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(most)
        config = json.loads((folder / "config.json").read_text())
        self.padding = config.get("pad_token_id", 0)
        # Prompts that the model puts in front by itself.
        named = folder / "config_sentence_transformers.json"
        named = json.loads(named.read_text()) if named.exists() else {}
        self.prompt = (named.get("prompts") or {}).get(named.get("default_prompt_name")) or ""
        self.size = 32

    def batches(self, texts):
        """Yields the places of each batch's texts with its token numbers and mask, longest first."""
        encoded = [text.ids for text in self.tokenizer.encode_batch_fast([self.prompt + text for text in texts])]
        order = sorted(range(len(texts)), key=lambda at: -len(encoded[at]))
        for places in (order[at : at + self.size] for at in range(0, len(order), self.size)):
            longest = len(encoded[places[0]])
            ids = np.full((len(places), longest), self.padding, dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, at in enumerate(places):
                ids[row, : len(encoded[at])] = encoded[at]
                mask[row, : len(encoded[at])] = 1
            yield places, ids, mask

    def embed(self, texts):
        vectors = None
        for places, ids, mask in self.batches(texts):
            computed = self.compute(ids, mask)
            vectors = np.empty((len(texts), computed.shape[1]), np.float32) if vectors is None else vectors
            vectors[places] = computed
        return vectors


class Onnx(Graph):
    def __init__(self, folder, threads, graphs, precision):
        import onnxruntime

        super().__init__(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        end = ".int8.onnx" if precision == "int8" else ".onnx"
        self.sessions = {
            name: onnxruntime.InferenceSession(str(graphs / (name + end)), options, providers=["CPUExecutionProvider"])
            for name in ("plain", "fused")
        }
        self.settings = ["/".join(parts) for parts in itertools.product(self.sessions, SIZES)]
        self.set("fused/32")

    def set(self, setting):
        name, size = setting.split("/")
        self.session, self.size = self.sessions[name], int(size)

    def compute(self, ids, mask):
        return self.session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})[0]


class OpenVino(Graph):
    GRAPHS = {"onnx": "plain.onnx", "torch": "torch.xml"}

    def __init__(self, folder, threads, graphs):
        import openvino

        super().__init__(folder)
        self.openvino, self.threads = openvino, threads
        self.models = {name: openvino.Core().read_model(graphs / file) for name, file in self.GRAPHS.items()}
        self.settings = ["/".join(parts) for parts in itertools.product(self.models, ("latency", "throughput"), SIZES)]
        self.compiled = {}
        self.set("onnx/latency/32")

    def set(self, setting):
        name, self.hint, size = setting.split("/")
        self.size = int(size)
        # One model for many texts, and one for a single text, which is always asked with the hint LATENCY.
        wanted = {(name, "latency"), (name, self.hint)}
        self.compiled = {key: kept for key, kept in self.compiled.items() if key in wanted}
        for key in wanted - self.compiled.keys():
            self.compiled[key] = self.compile(*key)
        self.single, self.many = self.compiled[name, "latency"], self.compiled[name, self.hint]

    def compile(self, name, hint):
        return self.openvino.Core().compile_model(self.models[name], "CPU", {
            "PERFORMANCE_HINT": hint.upper(), "INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": self.threads,
        })

    def compute(self, ids, mask):
        return self.single({"input_ids": ids, "attention_mask": mask})[0]

    def embed(self, texts):
        if self.hint == "latency" or len(texts) <= self.size:
            return super().embed(texts)
        done = []
        queue = self.openvino.AsyncInferQueue(self.many)
        queue.set_callback(lambda request, places: done.append((places, request.get_output_tensor(0).data.copy())))
        for places, ids, mask in self.batches(texts):
            queue.start_async({"input_ids": ids, "attention_mask": mask}, places)
        queue.wait_all()
        vectors = np.empty((len(texts), done[0][1].shape[1]), np.float32)
        for places, computed in done:
            vectors[places] = computed
        return vectors


def contender(name, folder, threads, graphs):
    library, precision = name.rsplit("-", 1)
    if library == "sentence-transformers":
        return SentenceTransformers(folder, threads, precision)
    if library == "onnx":
        return Onnx(folder, threads, graphs, precision)
    return OpenVino(folder, threads, graphs)


def lines_of(path):
    return pathlib.Path(path).read_text(encoding="utf-8").split("\n")[:-1]


def main():
    name, folder, threads, *graphs = sys.argv[1:]
    # What libraries print belongs to standard error: the answers have standard output for themselves.
    answers, sys.stdout = sys.stdout, sys.stderr

    def answer(what):
        print(what, file=answers, flush=True)

    def timed(texts):
        start = time.perf_counter()
        it.embed(texts)
        return time.perf_counter() - start

    start = time.perf_counter()
    it = contender(name, folder, int(threads), pathlib.Path(*graphs))
    answer(time.perf_counter() - start)
    for line in sys.stdin:
        match line.rstrip("\n").split("\t"):
            case ["settings"]:
                answer(" ".join(it.settings))
            case ["set", setting]:
                it.set(setting)
                answer("ok")
            case ["embed", path]:
                answer(timed(lines_of(path)))
            case ["one", text]:
                answer(timed([text]))
            case ["save", path, out]:
                np.save(out, it.embed(lines_of(path)).astype(np.float32))
                answer("ok")
            case other:
                sys.exit(f"no such request: {other}")


if __name__ == "__main__":
    main()
