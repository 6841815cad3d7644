//! A loaded model: prompts in, texts out.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::answer::Answer;
use crate::cache::{Kept, Sequence};
use crate::decoder::{Decoder, Span};
use crate::error::{GenerateError, LoadError};
use crate::gguf::{FILE_CAP, Header};
use crate::options::{Finish, Generated, Options};
use crate::prompt::Prompt;
use crate::sampling::Sampler;
use crate::settings::{Refused, Settings};
use crate::template::Template;
use crate::tokenizer::Tokenizer;
use crate::weights::Weights;

/// The most tokens of a pass: more take room and save no time.
const PASS: usize = 256;
/// The most texts that are generated side by side.
const SIDE_BY_SIDE: usize = 16;

/// A language model, loaded from a GGUF file. It is not changed by use and may be shared by threads, but calls that
/// overlap only slow one another: each uses every core.
pub struct Model {
    id: String,
    name: String,
    tokenizer: Tokenizer,
    decoder: Decoder,
    template: Template,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("id", &self.id)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// The beginning of many prompts, computed once.
#[derive(Clone)]
pub struct Prefix {
    prompt: Prompt,
    tokens: Vec<u32>,
    kept: Arc<Kept>,
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefix").field("prompt", &self.prompt).finish_non_exhaustive()
    }
}

/// A text that is being generated.
struct Running {
    /// Its place in the call.
    index: usize,
    sequence: Sequence,
    /// Tokens that the decoder has not seen.
    pending: Vec<u32>,
    answer: Answer,
    sampler: Sampler,
}

impl Model {
    /// Loads a GGUF file, or the one in a folder. Nothing else is read but a `tokenizer.json` beside it, where the file
    /// itself has no tokenizer. Checksums are not compared here: `berika-models` does that.
    ///
    /// # Errors
    /// [`LoadError`] names the file and what to do.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let path = model_file(path)?;
        let read = |source| LoadError::Read { file: path.clone(), source };
        let mut file = File::open(&path).map_err(read)?;
        let size = file.metadata().map_err(read)?.len();
        if size > FILE_CAP {
            return Err(LoadError::TooLarge { file: path, size, cap: FILE_CAP });
        }
        let damaged = |what| LoadError::Damaged { file: path.clone(), what };
        let header = Header::read(&mut file, size).map_err(damaged)?;
        let settings = Settings::read(&header).map_err(|refused| match refused {
            Refused::Damaged(what) => damaged(what),
            Refused::Unsupported(what, instead) => {
                LoadError::Unsupported { file: path.clone(), what, instead }
            }
        })?;
        let tokenizer = Tokenizer::load(&header, path.parent())
            .map_err(|reason| LoadError::Tokenizer { file: path.clone(), reason })?;
        let family = settings.family;
        let decoder = Decoder::load(&Weights::new(&path, &mut file, &header), settings)?;
        if tokenizer.len() > decoder.vocabulary() {
            let (known, rows) = (tokenizer.len(), decoder.vocabulary());
            return Err(damaged(format!("its tokenizer knows {known} tokens, but its weights {rows}")));
        }
        let stated = header.text("tokenizer.chat_template").is_some();
        let template = Template::of(family, &tokenizer, stated);
        let digest = digest(&mut file).map_err(read)?;
        let name = name(&header, &path);
        let id = format!("{name} {digest}");
        tracing::debug!(id, file = %path.display(), "language model loaded");
        Ok(Self { id, name, tokenizer, decoder, template })
    }

    /// The model's name and a digest of its file: another id means that the same prompt may give another text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The model's name, as its file has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The most tokens of prompt and text together.
    #[must_use]
    pub fn context(&self) -> usize {
        self.decoder.settings().context
    }

    /// Whether the model has a chat template that is known. A base model has none: it goes on with a text, and is shown
    /// examples.
    #[must_use]
    pub fn is_instructed(&self) -> bool {
        self.template != Template::Plain
    }

    /// A prompt that asks for one answer, in two parts: what is the same for many (`system` instructions and `shared`, the
    /// beginning of the user's message), and what differs. Of a base model the texts as they are, one after the other.
    #[must_use]
    pub fn turn(&self, system: &str, shared: &str, own: &str) -> (Prompt, Prompt) {
        self.template.turn(system, shared, own)
    }

    /// The tokens of a prompt.
    ///
    /// # Errors
    /// When the tokenizer refuses it.
    pub fn tokens(&self, prompt: &Prompt) -> Result<Vec<u32>, GenerateError> {
        self.tokenizer.encode(prompt).map_err(|reason| GenerateError::Tokenize { reason })
    }

    /// Computes what many prompts begin with.
    ///
    /// # Errors
    /// When it does not fit into the model's context.
    pub fn prefix(&self, prompt: &Prompt) -> Result<Prefix, GenerateError> {
        let tokens = self.tokens(prompt)?;
        self.fits(tokens.len(), 1)?;
        let mut sequence = self.empty();
        for pass in tokens.chunks(PASS) {
            let rows = pass.len();
            let mut span = [Span { tokens: pass, sequence: &mut sequence, scored: false }];
            let passed = self.decoder.forward(&mut span);
            passed.map_err(|reason| GenerateError::Decoder { rows, reason: reason.to_string() })?;
        }
        Ok(Prefix { prompt: prompt.clone(), tokens, kept: sequence.keep() })
    }

    /// The text that follows on the prefix and `rest`. `stop` is asked before each token; the text so far is returned when
    /// it says yes. Where the prefix ends changes nothing but the time.
    ///
    /// # Errors
    /// When the prompt does not fit into the model's context, or an option is out of its range.
    pub fn generate(
        &self,
        prefix: &Prefix,
        rest: &Prompt,
        options: &Options,
        stop: &dyn Fn() -> bool,
    ) -> Result<Generated, GenerateError> {
        let mut all = self.generate_all(prefix, std::slice::from_ref(rest), options, stop);
        all.pop().unwrap_or(Err(GenerateError::EmptyPrompt))
    }

    /// As [`Self::generate`], for many at once: several texts share each reading of the weights, so that they come
    /// several times as fast. Each text is the one that [`Self::generate`] gives, and so is each error: one prompt that
    /// cannot be answered costs the others nothing.
    pub fn generate_all(
        &self,
        prefix: &Prefix,
        rests: &[Prompt],
        options: &Options,
        stop: &dyn Fn() -> bool,
    ) -> Vec<Result<Generated, GenerateError>> {
        let mut results: Vec<Option<Result<Generated, GenerateError>>> = rests.iter().map(|_| None).collect();
        let mut waiting = rests.iter().enumerate();
        let mut running: Vec<Running> = Vec::new();
        loop {
            while running.len() < SIDE_BY_SIDE {
                let Some((index, rest)) = waiting.next() else { break };
                match self.begin(index, prefix, rest, options) {
                    Ok(one) => running.push(one),
                    Err(error) => results[index] = Some(Err(error)),
                }
            }
            if running.is_empty() {
                break;
            }
            if stop() {
                let ended = |one: Running| (one.index, one.answer.end(Finish::Cancelled));
                for (index, generated) in running.drain(..).map(ended) {
                    results[index] = Some(Ok(generated));
                }
                let left = waiting.by_ref().map(|(index, _)| index);
                left.for_each(|index| results[index] = Some(Ok(Answer::new(0).end(Finish::Cancelled))));
                break;
            }
            self.step(&mut running, options, &mut results);
        }
        results.into_iter().map(|result| result.unwrap_or(Err(GenerateError::EmptyPrompt))).collect()
    }

    fn begin(
        &self,
        index: usize,
        prefix: &Prefix,
        rest: &Prompt,
        options: &Options,
    ) -> Result<Running, GenerateError> {
        options.check()?;
        let tokens = self.tokens(&prefix.prompt.followed_by(rest))?;
        self.fits(tokens.len(), options.max_tokens)?;
        let Some(most) = tokens.len().checked_sub(1) else { return Err(GenerateError::EmptyPrompt) };
        // Pieces may reach over the end of the prefix; what is the same up to there was computed.
        let same = tokens.iter().zip(&prefix.tokens).take_while(|(a, b)| a == b).count().min(most);
        Ok(Running {
            index,
            sequence: self.empty().after(&prefix.kept, same),
            answer: Answer::new(tokens.len()),
            pending: tokens[same..].to_vec(),
            sampler: Sampler::new(options),
        })
    }

    /// One pass for all that are running: the next token of each, or the next part of its prompt.
    fn step(
        &self,
        running: &mut Vec<Running>,
        options: &Options,
        results: &mut [Option<Result<Generated, GenerateError>>],
    ) {
        let mut room = PASS;
        let mut spans = Vec::new();
        let mut taken = Vec::new();
        for one in running.iter_mut() {
            let count = one.pending.len().min(room);
            room -= count;
            taken.push(count);
            let scored = count == one.pending.len();
            spans.push(Span { tokens: &one.pending[..count], sequence: &mut one.sequence, scored });
        }
        let mut scores = match self.decoder.forward(&mut spans) {
            Ok(scores) => scores,
            // What the pass left behind is of no use to anyone.
            Err(reason) => {
                for one in running.drain(..) {
                    let reason = reason.to_string();
                    results[one.index] = Some(Err(GenerateError::Decoder { rows: PASS - room, reason }));
                }
                return;
            }
        };
        let mut rows = scores.chunks_exact_mut(self.decoder.vocabulary());
        let mut ended = Vec::new();
        for (place, (one, count)) in running.iter_mut().zip(taken).enumerate() {
            one.pending.drain(..count);
            if count == 0 || !one.pending.is_empty() {
                continue;
            }
            let next = rows.next().and_then(|row| one.sampler.next(row));
            let finish = match next {
                Some(token) => {
                    one.pending.push(token);
                    one.answer.take(token, &self.tokenizer, options).map(Ok)
                }
                None => Some(Err(GenerateError::NotFinite)),
            };
            ended.extend(finish.map(|finish| (place, finish)));
        }
        for (place, finish) in ended.into_iter().rev() {
            let one = running.remove(place);
            results[one.index] = Some(finish.map(|finish| one.answer.end(finish)));
        }
    }

    fn empty(&self) -> Sequence {
        let settings = self.decoder.settings();
        Sequence::new(settings.layers, settings.kv_heads, settings.head_width)
    }

    fn fits(&self, prompt: usize, asked: usize) -> Result<(), GenerateError> {
        let context = self.context();
        match prompt.checked_add(asked) {
            Some(all) if all <= context => Ok(()),
            _ => Err(GenerateError::TooLong { prompt, asked, context }),
        }
    }
}

/// The file itself, or the only one of its kind in a folder.
fn model_file(path: &Path) -> Result<PathBuf, LoadError> {
    if path.is_file() {
        return Ok(path.to_owned());
    }
    if !path.is_dir() {
        return Err(LoadError::NotFound { path: path.to_owned() });
    }
    let entries =
        std::fs::read_dir(path).map_err(|source| LoadError::Read { file: path.to_owned(), source })?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|end| end == "gguf") && file.is_file())
        .collect();
    match (files.len(), files.pop()) {
        (1, Some(file)) => Ok(file),
        (count, _) => Err(LoadError::NotOneFile { folder: path.to_owned(), count }),
    }
}

/// As the header has it, else the file's own name; short, and without what would break a line.
fn name(header: &Header, path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = header.text("general.name").map(str::to_owned).or(stem).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The first 16 hexadecimal digits of the BLAKE3 of a file.
fn digest(file: &mut File) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex()[..16].to_owned()),
            count => hasher.update(&buffer[..count]),
        };
    }
}

#[cfg(test)]
mod tests;
