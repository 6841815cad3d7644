#!/usr/bin/env python3
"""What a user would pick instead of Berika to embed texts on a CPU: the speed of both on the same texts, in one run.

    python3 -m venv venv && venv/bin/pip install sentence-transformers==6.2.0 torch==2.15.0 transformers==5.23.0 \\
        onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.31.1 openvino==2026.4.1
    cargo build --release -p berika-embed --example contender

    venv/bin/python embed.py texts ROWS_DIR DIR [en]             # DIR/short.txt and DIR/long.txt of labelled products
    venv/bin/python embed.py export MODEL_DIR GRAPH_DIR          # the model as graphs, once a model
    venv/bin/python embed.py compare --model MODEL_DIR --graphs GRAPH_DIR --texts DIR/short.txt DIR/long.txt \\
        --threads 2 --rounds 5 --out OUT                         # OUT/embed.md, OUT/embed.json

`texts` takes rows as `accuracy.py` reads them. A short text is brand and title: 2,000, evenly spaced over the rows of the languages
named. A long one is joined from title and description of rows that follow one another: 200, of about 256 tokens. Products of shops
are not part of the repository, and neither are these files.

`export` needs the model's folder alone. It writes plain.onnx, fused.onnx (with ONNX Runtime's own operators for transformers), both
once more with weights and activations in 8 bits (dynamic, weights by channel), and torch.xml for OpenVINO.

`compare` starts a process a contender, which loads once and embeds on request. All but the one whose turn it is are stopped
(SIGSTOP), so that no thread spins beside it; all are bound to the same processors, as many as threads. Peers that leave the size of
a batch to the user get the one that is fastest on 500 of the texts. Then rounds: in each, every contender embeds all texts,
then single texts, and each round begins with another one. Medians count. The cosines are those to sentence-transformers f32.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OURS = ["berika-f32", "berika-bf16", "berika-int8"]
PEERS = ["sentence-transformers-f32", "sentence-transformers-bf16", "onnx-f32", "onnx-int8", "openvino-bf16", "candle-f32"]
REFERENCE = "sentence-transformers-f32"
LIBRARIES = ["sentence-transformers", "torch", "transformers", "tokenizers", "onnxruntime", "openvino"]
SHORT, LONG, LONG_CHARACTERS = 2000, 200, 1000
CALIBRATION = 500
SINGLE, SINGLE_WARM_UP = 50, 5


def rows_of(folder, languages):
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        with open(path, encoding="utf-8") as lines:
            rows = (json.loads(line) for line in lines if line.strip())
            yield from (row for row in rows if row.get("language") in languages)


def spaced(items, count):
    """`count` of the items, or all, evenly spaced."""
    count = min(count, len(items))
    return [items[at * len(items) // count] for at in range(count)]


def write_texts(rows_folder, out, languages):
    rows = list(rows_of(rows_folder, languages.split(",")))

    def text(row, *fields):
        return " ".join(" ".join(row[field] for field in fields if row.get(field)).split())

    # Equal texts are computed once by Berika and each time by the peers: none are asked for.
    short = list(dict.fromkeys(text(row, "brand", "title") for row in rows))
    long, parts = [], []
    for row in rows:
        parts.append(text(row, "title", "description"))
        if sum(map(len, parts)) >= LONG_CHARACTERS:
            long.append(" ".join(parts))
            parts = []
    out.mkdir(parents=True, exist_ok=True)
    for name, texts in (("short", spaced(short, SHORT)), ("long", spaced(long, LONG))):
        (out / f"{name}.txt").write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        print(f"{name}.txt: {len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters each")


def export(folder, out):
    import onnx
    import openvino
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    from sentence_transformers import SentenceTransformer

    class Whole(torch.nn.Module):
        """Encoder, mean over the tokens, length one."""

        def __init__(self, encoder):
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids, attention_mask):
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)

    def whole(attention):
        arguments = {"attn_implementation": attention}
        model = SentenceTransformer(str(folder), device="cpu", model_kwargs=arguments).float().eval()
        if model[1].pooling_mode != "mean" if hasattr(model[1], "pooling_mode") else not model[1].pooling_mode_mean_tokens:
            sys.exit("only models that take the mean over the tokens are exported")
        return Whole(model[0].auto_model), model[0].auto_model.config

    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(2, 8, dtype=torch.int64)
    ragged = torch.ones_like(ids)
    ragged[1, 5:] = 0
    plain, fused = str(out / "plain.onnx"), str(out / "fused.onnx")
    # The older exporter: ONNX Runtime's fusions know its patterns.
    model, config = whole("eager")
    axes = {"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}, "vectors": {0: "texts"}}
    torch.onnx.export(model, (ids, ragged), plain, input_names=["input_ids", "attention_mask"], output_names=["vectors"],
                      opset_version=17, dynamo=False, dynamic_axes=axes)
    optimised = optimizer.optimize_model(plain, model_type="bert", num_heads=config.num_attention_heads,
                                         hidden_size=config.hidden_size, opt_level=1)
    print({name: count for name, count in optimised.get_fused_operator_statistics().items() if count})
    optimised.save_model_to_file(fused)
    for path in (plain, fused):
        quantize_dynamic(path, path.replace(".onnx", ".int8.onnx"), per_channel=True, weight_type=QuantType.QInt8,
                         # What ONNX Runtime's own operators give is not inferred.
                         extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})
    model, _ = whole("sdpa")
    with torch.no_grad():
        converted = openvino.convert_model(model, example_input={"input_ids": ids, "attention_mask": ragged},
                                           input=[("input_ids", [-1, -1]), ("attention_mask", [-1, -1])])
    openvino.save_model(converted, out / "torch.xml", compress_to_fp16=False)


class Contender:
    """A process that embeds on request and is stopped in between."""

    def __init__(self, name, arguments):
        self.name, self.setting = name, ""
        library, precision = name.rsplit("-", 1)
        if library == "berika":
            command = [arguments.contender, library, arguments.model, precision]
        elif library == "candle":
            command = [arguments.contender, library, arguments.model]
        else:
            command = [sys.executable, HERE / "embed_contender.py", name, arguments.model, arguments.threads, arguments.graphs]
        processors = sorted(os.sched_getaffinity(0))[: arguments.threads]
        threads = {name: str(arguments.threads) for name in ("RAYON_NUM_THREADS", "CANDLE_NUM_THREADS", "OMP_NUM_THREADS")}
        self.log = open(arguments.out / f"{name}.log", "w")
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, **threads, "TOKENIZERS_PARALLELISM": "true", "HF_HUB_OFFLINE": "1"},
            preexec_fn=lambda: os.sched_setaffinity(0, processors),
        )
        self.load_seconds = float(self.answer())
        self.stop()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended; {self.log.name} says why")
        return line.rstrip("\n")

    def ask(self, *words):
        """An answer to one request, sent while the process runs."""
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        """Returns once all of its threads stand still."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def __enter__(self):
        self.go_on()
        return self

    def __exit__(self, *_):
        self.stop()

    def peak_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def end(self):
        self.process.kill()
        self.process.wait()


def start(arguments, contenders):
    """Starts one after the other and adds each that could be started."""
    for name in OURS + PEERS:
        if not any(part in name for part in arguments.only.split(",")) and name != REFERENCE:
            continue
        try:
            contenders.append(Contender(name, arguments))
            print(f"{name}: loaded in {contenders[-1].load_seconds:.1f} s", flush=True)
        except (RuntimeError, OSError) as problem:
            print(f"{name} takes no part: {problem}", flush=True)


def calibrate(contender, texts, folder):
    """Sets what is fastest on a part of the texts."""
    part = folder / "part.txt"
    part.write_text("".join(text + "\n" for text in spaced(texts, CALIBRATION)), encoding="utf-8")
    settings = contender.ask("settings").split()
    seconds = {}
    for setting in settings:
        contender.ask("set", setting)
        contender.ask("embed", part)
        seconds[setting] = float(contender.ask("embed", part))
    if settings:
        contender.setting = min(seconds, key=seconds.get)
        contender.ask("set", contender.setting)
    else:
        contender.ask("embed", part)
    return seconds


def measure(contenders, path, rounds, folder):
    """One set of texts: for each contender what was chosen, seconds of each round, and seconds of single texts."""
    texts = path.read_text(encoding="utf-8").split("\n")[:-1]
    found = {}
    for contender in contenders:
        with contender:
            tried = calibrate(contender, texts, folder)
        found[contender.name] = {"setting": contender.setting, "calibration": tried, "seconds": [], "one": []}
        print(f"  {contender.name}: {contender.setting or 'nothing to set'}", flush=True)
    single = spaced(texts, SINGLE)
    for turn in range(rounds):
        first = turn % len(contenders)
        for contender in contenders[first:] + contenders[:first]:
            of = found[contender.name]
            with contender:
                of["seconds"].append(float(contender.ask("embed", path)))
                one = [float(contender.ask("one", text)) for text in single[:SINGLE_WARM_UP] + single]
                of["one"] += one[SINGLE_WARM_UP:]
        print(f"  round {turn + 1} of {rounds}", flush=True)
    for contender in contenders:
        with contender:
            contender.ask("save", path, folder / f"{contender.name}.npy")
        found[contender.name]["peak_mib"] = contender.peak_mib()
    return {"file": path.name, "texts": len(texts), "contenders": judge(found, len(texts), folder)}


def judge(found, count, folder):
    import numpy as np

    reference = np.load(folder / f"{REFERENCE}.npy").astype(np.float64)
    for name, of in found.items():
        of["texts_per_second"] = count / statistics.median(of["seconds"])
        of["one_p50_ms"] = 1000 * statistics.median(of["one"])
        vectors = np.load(folder / f"{name}.npy").astype(np.float64)
        cosines = (vectors * reference).sum(1) / np.linalg.norm(vectors, axis=1) / np.linalg.norm(reference, axis=1)
        of["cosine_min"], of["cosine_mean"] = float(cosines.min()), float(cosines.mean())
    return found


def table(of):
    """The contenders of one set of texts as Markdown, the fastest peer as 1."""
    peers = [result for name, result in of["contenders"].items() if name not in OURS]
    fastest = max(peer["texts_per_second"] for peer in peers)
    quickest = min(peer["one_p50_ms"] for peer in peers)
    onnx = of["contenders"].get("onnx-f32")
    yield f"## {of['file']}: {of['texts']} texts\n"
    yield "| | setting | texts/s | each round | × fastest peer | × ONNX Runtime f32 | one text, p50 ms | of the quickest peer's " \
          "| cosine, least | mean | peak MiB |"
    yield "|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, result in of["contenders"].items():
        speed = result["texts_per_second"]
        runs = " · ".join(f"{of['texts'] / seconds:.0f}" for seconds in result["seconds"])
        to_onnx = f"{speed / onnx['texts_per_second']:.2f}" if onnx else ""
        shown = f"**{name}**" if name in OURS else name
        yield f"| {shown} | {result['setting']} | {speed:.0f} | {runs} | {speed / fastest:.2f} | {to_onnx} " \
              f"| {result['one_p50_ms']:.2f} | {result['one_p50_ms'] / quickest:.2f} " \
              f"| {result['cosine_min']:.7f} | {result['cosine_mean']:.7f} | {result['peak_mib']:.0f} |"
    yield ""


def circumstances(arguments):
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True).stdout.strip()

    def version(library):
        try:
            return importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            return None

    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(), "commit": commit,
        "cpu": names[0] if names else platform.processor(), "processors": len(os.sched_getaffinity(0)),
        "threads": arguments.threads, "rounds": arguments.rounds, "model": pathlib.Path(arguments.model).name,
        "versions": {library: version(library) for library in LIBRARIES},
    }


def compare(arguments):
    arguments.out.mkdir(parents=True, exist_ok=True)
    run = {**circumstances(arguments), "sets": []}
    contenders = []
    # Whoever ends this ends the contenders too, which stand still and would not notice.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    try:
        start(arguments, contenders)
        if REFERENCE not in [contender.name for contender in contenders]:
            sys.exit(f"{REFERENCE} is needed for the cosines")
        run["load_seconds"] = {contender.name: contender.load_seconds for contender in contenders}
        for path in arguments.texts:
            print(path, flush=True)
            with tempfile.TemporaryDirectory() as folder:
                run["sets"].append(measure(contenders, path, arguments.rounds, pathlib.Path(folder)))
            written = write(run, arguments.out)
    finally:
        for contender in contenders:
            contender.end()
    print(written)


def write(run, out):
    """What is known so far: called after each set of texts."""
    versions = ", ".join(f"{library} {version}" for library, version in run["versions"].items() if version)
    lines = [
        f"{run['date']} · commit {run['commit']} · {run['cpu']}, {run['processors']} processors · {run['model']}, "
        f"{run['threads']} threads, {run['rounds']} rounds\n", versions + "\n",
    ]
    for of in run["sets"]:
        lines += table(of)
    (out / "embed.md").write_text("\n".join(lines), encoding="utf-8")
    (out / "embed.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    texts = commands.add_parser("texts")
    texts.add_argument("rows", type=pathlib.Path)
    texts.add_argument("out", type=pathlib.Path)
    texts.add_argument("languages", nargs="?", default="en", help="parted by commas")
    graphs = commands.add_parser("export")
    graphs.add_argument("model", type=pathlib.Path)
    graphs.add_argument("out", type=pathlib.Path)
    run = commands.add_parser("compare")
    run.add_argument("--model", required=True, help="a sentence-transformers folder")
    run.add_argument("--graphs", required=True, type=pathlib.Path)
    run.add_argument("--texts", required=True, type=pathlib.Path, nargs="+", help="one text a line")
    run.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    run.add_argument("--rounds", type=int, default=5)
    run.add_argument("--only", default="", help="contenders whose names hold one of these words, parted by commas")
    run.add_argument("--contender", default="target/release/examples/contender")
    run.add_argument("--out", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    match arguments.command:
        case "texts":
            write_texts(arguments.rows, arguments.out, arguments.languages)
        case "export":
            export(arguments.model, arguments.out)
        case "compare":
            compare(arguments)


if __name__ == "__main__":
    main()
