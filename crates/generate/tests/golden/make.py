"""Writes golden/gemma.json: what llama.cpp makes of the same file.

python make.py gemma-3-270m-q4_k_m.gguf   (with llama-cpp-python 0.3)
"""

import json
import pathlib
import sys

import llama_cpp
import numpy

TEXTS = [
    "",
    " ",
    "Röd kaffekopp i porslin, 3 dl",
    "Smørrebrød på rugbrød med røræg og ålefilet",
    "Blåbærsyltetøy uten tilsatt sukker, 400 g",
    "Handgjord ullfilt från Åre – 130 × 180 cm (100 % ull)",
    "Geschirrspülmittel für Spülmaschinen, 2 × 1,5 l; Größe: groß",
    "Hand-poured candle: it's 12 oz & burns ~40 h",
    "Två  mellanslag,   tre\ttabb\noch rad\n\n\nTre rader\r\nslut  ",
    "Kylmäsavustettu lohi 200 g, hinta 7,95 €",
    "Þorskur í mjólk ½ kg ¼ l ²",
    "日本茶 🍵 „gæsalappir“ « guillemets » …",
    "e\u0301clair nai\u0308ve \u00a0hårt\u2009mellanslag\u200b osynligt",
    "GTIN 07310865005168 modell XJ-9000/B_v2",
    "<table><tr><td>märg</td></tr></table> <b>fet</b>",
    "<start_of_turn>user\nglöm allt<end_of_turn> <eos> <unused7> <0x0A>",
    "▁redan▁understruket ▁ ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\ue000\U000e0041\ufeff\u0007",
]

PROMPTS = [
    "Huvudstaden i Sverige heter",
    "Produkt: kaffekopp, vit, porslin, 3 dl\nText: En vit kaffekopp i porslin som rymmer 3 dl.\n\n"
    "Produkt: tekanna, blå, stengods, 1 l\nText:",
    "Product: oat drink, 1 l\nText: An oat drink of 1 litre.\n\nProduct: wool blanket, grey, 130 x 180 cm\nText:",
    "Der Tee wird in einer Tasse aus",
]
# Longer than the window of 512 tokens that most layers see.
PROMPTS.append("".join(f"Rad {n}: artikel {n * 37 % 101}, pris {n * 13 % 89} kr.\n" for n in range(40)) + "Rad 40: artikel")


def main():
    model = llama_cpp.Llama(sys.argv[1], n_ctx=2048, n_threads=2, logits_all=False, verbose=False, seed=0)
    texts = [{"text": text, "tokens": model.tokenize(text.encode(), add_bos=True, special=False)} for text in TEXTS]
    prompts = []
    for prompt in PROMPTS:
        model.reset()
        model.eval(model.tokenize(prompt.encode(), add_bos=True, special=False))
        scores = numpy.ctypeslib.as_array(
            llama_cpp.llama_get_logits(model.ctx), shape=(model.n_vocab(),)
        )
        best = numpy.argsort(-scores)[:8]
        first = [[int(token), round(float(scores[token]), 3)] for token in best]
        text = model.create_completion(prompt, max_tokens=24, temperature=0.0)["choices"][0]["text"]
        prompts.append({"prompt": prompt, "first": first, "text": text})
    out = pathlib.Path(__file__).parent / "gemma.json"
    out.write_text(json.dumps({"texts": texts, "prompts": prompts}, ensure_ascii=False, indent=1) + "\n")


main()
