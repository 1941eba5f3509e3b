// Every name that people ask for, by category: what a name without a page is told from a misspelt one by. A name whose page
// is written stays; names that nobody can build have their reason in unavailable.ts.

import type { Category } from './define.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

export const PUBLIC_NAMES: Partial<Record<Category, readonly string[]>> = {
  'decoder-only': words(`
    biogpt bloom claude3_haiku code_llama codegen codellama cohere command_r cpmant ctrl dbrx dbrx_instruct deepseek
    deepseek_coder deepseek_distil deepseek_r1 deepseek_r1_distil falcon falcon_mamba gemma gemma2 glm gpt2
    gpt2_minimal gpt_bigcode gpt_neo gpt_neox gpt_neox_japanese gpt_sw3 gptj gptsan_japanese granite granitemoe
    jamba jetmoe llama mamba mamba2 mistral mistral_nemo mistral_next mixtral mpt nemotron olmo olmoe open_llama
    openai_gpt opt optimized_model orca3 persimmon phi phi3 phi4 phimoe qwen2 qwen2_moe qwen3 qwen3_moe
    recurrent_gemma reformer rwkv stablelm starcoder2 tinyllama transfo_xl xglm zamba`),
  'encoder-only': words(`
    albert bert bert_base_uncased bert_copy bert_generation bert_minimal big_bird bros camembert canine
    clip_text_model convbert data2vec_text deberta deberta_v2 distilbert distilroberta_base dpr electra ernie
    ernie_m esm flaubert fnet funnel ibert layoutlm lilt longformer luke markuplm mega megatron_bert mobilebert
    mpnet mra nezha nystromformer qdqbert realm rembert retribert roberta roberta_prelayernorm roc_bert roformer
    splinter squeezebert tapas xlm xlm_roberta xlm_roberta_xl xlnet xmod yoso`),
  'encoder-decoder': words(`
    bart bigbird_pegasus blenderbot blenderbot_small donut encoder_decoder flan fsmt led longt5 m2m_100 marian mbart
    mt5 mvp nllb_moe nougat pegasus pegasus_x plbart prophetnet rag speech_encoder_decoder speech_to_text_2
    switch_transformers t5 t5_minimal t5_small trocr umt5 vision_encoder_decoder xlm_prophetnet`),
  vision: words(`
    beit bit chinese_clip_vision_model clip_vision_model conditional_detr convnext convnextv2 cvt data2vec_vision
    deformable_detr deit depth_anything deta detr dinat dino dinov2 donut_swin dpt efficientformer efficientnet
    focalnet glpn hiera imagegpt levit mask2former maskformer maskformer_swin mgp_str mlp_mixer mobilenet_v1
    mobilenet_v2 mobilevit mobilevitv2 nat oneformer pixtral poolformer pvt pvt_v2 regnet resnet rt_detr
    rt_detr_resnet sam segformer seggpt siglip_vision_model superpoint swiftformer swin swin2sr swinv2
    table_transformer timesformer timm_backbone upernet van videomae vit vit_hybrid vit_mae vit_minimal vit_msn
    vitdet vitmatte vivit vqgan yolos zoedepth`),
  audio: words(`
    audio_spectrogram_transformer audioldm2 bark clap dac data2vec_audio encodec fastspeech2_conformer hubert
    jukebox mctct mimi moshi musicgen musicgen_melody pop2piano qwen2_audio_encoder seamless_m4t seamless_m4t_v2 sew
    sew_d speech_to_text speecht5 unispeech unispeech_sat univnet vits wav2vec2 wav2vec2_bert wav2vec2_conformer
    wavlm whisper`),
  multimodal: words(`
    align altclip blip blip2 blip_2 bridgetower chameleon chinese_clip clip clipseg clvp cm3 cogvlm2 deepseek_vision
    flava fuyu gemma3 git grounding_dino groupvit idefics idefics2 idefics3 imagebind instructblip instructblipvideo
    kosmos_2 layoutlmv2 layoutlmv3 llava llava_next llava_next_video llava_onevision lxmert mllama omdet_turbo owlv2
    owlvit paligemma perceiver pix2struct qwen2_audio qwen2_vl qwen3_vl siglip tvlt tvp udop ulip video_llava vilt
    vipllava vision_t5 vision_text_dual_encoder visual_bert xclip`),
  'structured-data': words(`
    autoformer decision_transformer graphormer graphsage informer patchtsmixer patchtst time_series_transformer
    trajectory_transformer`),
  utility: words(`
    __help __list_only __model`),
};
