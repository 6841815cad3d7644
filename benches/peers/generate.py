"""Tokens per second of `crates/generate` and of llama.cpp, on the same file, in rounds that alternate.

    cargo build --release -p berika-generate --example speed
    python3 -m venv venv && CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON" \
        venv/bin/pip install llama-cpp-python
    venv/bin/python benches/peers/generate.py MODEL.gguf [--threads 2] [--rounds 9] [--prompt 480] [--tokens 48]

Each round reads a prompt and then writes so many tokens greedily, one text at a time; Berika also writes several texts side by
side, which llama-cpp-python's interface does not. Medians are printed, with the range of all rounds, since the machine may
do other work. Both use as many threads.
"""

import argparse
import json
import os
import statistics
import subprocess
import time

import llama_cpp
import numpy

TEXT = "Produkt: kaffekopp i porslin, 3 dl, vit. Text: "


class Berika:
    """The example `speed`, which answers each line with a round."""

    def __init__(self, args, side):
        command = [args.speed, args.model, "--threads", str(args.threads), "--prompt", str(args.prompt)]
        command += ["--tokens", str(args.tokens), "--side", str(side), "--serve"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return found["prompt_per_s"], found["tokens_per_s"]


class LlamaCpp:
    def __init__(self, args):
        self.model = llama_cpp.Llama(
            args.model,
            n_ctx=2048,
            n_threads=args.threads,
            n_threads_batch=args.threads,
            verbose=False,
        )
        self.tokens = args.tokens
        one = self.model.tokenize(TEXT.encode(), add_bos=False)
        text = TEXT * -(-args.prompt // (len(one) + 1))
        self.prompt = self.model.tokenize(text.encode())
        self.round()

    def round(self):
        self.model.reset()
        started = time.perf_counter()
        self.model.eval(self.prompt)
        read = time.perf_counter() - started
        started = time.perf_counter()
        for _ in range(self.tokens):
            # Greedy, as Berika: the likeliest token, without llama-cpp-python's own slower way to it.
            scores = llama_cpp.llama_get_logits(self.model.ctx)
            self.model.eval([int(numpy.ctypeslib.as_array(scores, shape=(self.model.n_vocab(),)).argmax())])
        return len(self.prompt) / read, self.tokens / (time.perf_counter() - started)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--prompt", type=int, default=480)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--side", type=int, default=8)
    parser.add_argument("--speed", default="target/release/examples/speed")
    args = parser.parse_args()
    runners = {
        "berika": Berika(args, 1),
        "llama.cpp": LlamaCpp(args),
        f"berika, {args.side} texts side by side": Berika(args, args.side),
    }
    rounds = {name: [] for name in runners}
    print(f"{time.strftime('%Y-%m-%d')}, {processor()}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    print(f"llama-cpp-python {llama_cpp.__version__}: {llama_cpp.llama_print_system_info().decode().strip()}")
    for number in range(args.rounds):
        for name, runner in runners.items():
            rounds[name].append(runner.round())
            prompt, tokens = rounds[name][-1]
            print(f"round {number} {name}: prompt {prompt:.1f}/s, text {tokens:.1f}/s", flush=True)
    print(f"load after {os.getloadavg()[0]:.1f}\n\n| | prompt, tokens/s | text, tokens/s |\n|---|---|---|")
    medians = {}
    for name, found in rounds.items():
        columns = list(zip(*found))
        medians[name] = [statistics.median(column) for column in columns]
        cells = [f"{statistics.median(column):.0f} ({min(column):.0f} to {max(column):.0f})" for column in columns]
        print(f"| {name} | {' | '.join(cells)} |")
    ratios = [ours / theirs for ours, theirs in zip(medians["berika"], medians["llama.cpp"])]
    print(f"\nberika / llama.cpp, medians: prompt {ratios[0]:.2f}, text {ratios[1]:.2f}")


main()
