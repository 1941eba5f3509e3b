#!/usr/bin/env python3
"""Trains the small tokenizers under test/fixtures/tokenizers.

Each has the normalizer, pre-tokenizer, post-processor and model options of a family of real checkpoints, and a vocabulary of two
to three thousand entries trained on the help texts of Python and a few sentences in other scripts.

Needs: pip install tokenizers==0.23.2 sentencepiece protobuf. Takes half a minute.
"""
import base64
import json
import pydoc_data.topics
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).resolve().parent.parent / "test/fixtures/tokenizers"
SENTENCES = """
Der schnelle braune Fuchs springt über den faulen Hund; größer, schöner, müder.
Le garçon a mangé une pêche près du château, où l'été n'était pas fini.
El niño pequeño corrió mañana por la montaña y cantó una canción.
Быстрая коричневая лиса прыгает через ленивую собаку, ёжик спит.
Η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί.
敏捷的棕色狐狸跳过了那只懒惰的狗，今天天气很好。
素早い茶色の狐がのろまな犬を飛び越える。カタカナとひらがな。
빠른 갈색 여우가 게으른 개를 뛰어넘습니다. 오늘 날씨가 좋네요.
الثعلب البني السريع يقفز فوق الكلب الكسول في الصباح.
השועל החום המהיר קופץ מעל הכלב העצלן.
तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है।
สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจ
Con cáo nâu nhanh nhẹn nhảy qua con chó lười biếng.
Emoji 😀 😃 👍🏽 👨‍👩‍👧 🇫🇷 ❤️ and math ∑ ∫ √ ≤ ½ ² ³ № ™ ﬁ ﬂ Ａｂｃ１２３
1234567890 3.14159 2,718 0x1F600 10^6 50% $9.99 €5 £3
I'm you're he'll they've she'd it's don't WE'RE I'LL
""".strip().split("\n")
CORPUS = SENTENCES * 20 + [line for topic in pydoc_data.topics.topics.values() for line in topic.splitlines() if line.strip()]

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def save(name, tokenizer):
    data = json.loads(tokenizer.to_str())
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")


def bert():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=3000, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    save("bert", tokenizer)


def byte_level(name, pre_tokenizer, special, normalizer=None, post_processor=None, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=2500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        **{key: options[key] for key in options if key == "end_of_word_suffix"}))
    tokenizer.add_special_tokens(special)
    tokenizer.post_processor = post_processor(tokenizer) if post_processor else processors.ByteLevel(trim_offsets=False)
    save(name, tokenizer)


def split_then_bytes(pattern):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def llama3_processor(tokenizer):
    begin = "<|begin_of_text|>"
    return processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(single=f"{begin} $A", pair=f"{begin} $A {begin}:1 $B:1", special_tokens=[(begin, tokenizer.token_to_id(begin))])])


def clip_processor(tokenizer):
    start, end = "<|startoftext|>", "<|endoftext|>"
    return processors.RobertaProcessing((end, tokenizer.token_to_id(end)), (start, tokenizer.token_to_id(start)), trim_offsets=False, add_prefix_space=False)


def llama2():
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=2800, limit_alphabet=300, special_tokens=special))
    trained = json.loads(tokenizer.to_str())
    # The trainer made added tokens of the bytes; in the real files they belong to the vocabulary alone.
    trained["added_tokens"] = trained["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(trained))
    tokenizer.pre_tokenizer = None
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s>:0 $A:0", pair="<s>:0 $A:0 <s>:1 $B:1", special_tokens=[("<s>", 1)])
    save("llama2", tokenizer)


def xlm_roberta():
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus.txt")
        corpus.write_text("\n".join(CORPUS))
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=f"{folder}/model", vocab_size=2500, model_type="unigram", minloglevel=2,
            normalization_rule_name="nmt_nfkc", character_coverage=0.999, num_threads=1)
        model = sentencepiece_model_pb2.ModelProto.FromString(Path(folder, "model.model").read_bytes())
    # The order of XLM-RoBERTa: its own four tokens first, then the pieces without SentencePiece's three.
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary += [(piece.piece, piece.score) for piece in model.pieces[3:]] + [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    save("xlm-roberta", tokenizer)


bert()
byte_level("gpt2", pre_tokenizers.ByteLevel(add_prefix_space=False), ["<|endoftext|>"])
byte_level("llama3", split_then_bytes(LLAMA3), ["<|begin_of_text|>", "<|end_of_text|>"] + [f"<|reserved_special_token_{i}|>" for i in range(20)],
           post_processor=llama3_processor, ignore_merges=True)
byte_level("qwen2", split_then_bytes(QWEN2), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], normalizer=normalizers.NFC())
byte_level("clip", pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(CLIP), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
           ["<|startoftext|>", "<|endoftext|>"], post_processor=clip_processor,
           normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
           continuing_subword_prefix="", end_of_word_suffix="</w>", fuse_unk=False)
llama2()
xlm_roberta()
