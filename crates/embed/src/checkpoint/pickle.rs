//! The pickle in a PyTorch checkpoint, read as the list of tensors that it is and never run.
//!
//! A pickle is a program for a stack machine that may call any function of Python. Here a call is a value like any other:
//! it is kept with its arguments, and whoever asks looks whether it is the one call that describes a tensor. Values refer to
//! one another by number, so that what is nested deeply or used often costs no more than its bytes. candle's own reader
//! copies instead, and a hostile file of a few kilobytes can make it use any amount of memory or overflow its stack.
//!
//! Of protocol 2, which PyTorch writes, as much as a checkpoint has: <https://docs.python.org/3/library/pickletools.html>.

use std::collections::HashMap;

/// A value by its number.
pub(super) type Id = usize;

/// What a program puts on its stack.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// Something that no tensor is described by: nothing, a truth value, a fraction, a list.
    Other,
    Number(i64),
    Text(&'a str),
    /// A class or function by module and name.
    Global(&'a str, &'a str),
    Tuple(Vec<Id>),
    Dictionary(Vec<(Id, Id)>),
    Call {
        function: Id,
        arguments: Id,
    },
    /// Kept outside the pickle, under this name.
    Stored(Id),
}

/// A program that came to its end.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    values: Vec<Value<'a>>,
    result: Id,
}

impl<'a> Pickle<'a> {
    /// Reads the program to its end.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let mut machine = Machine {
            bytes,
            at: 0,
            values: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
        };
        while !machine.step()? {}
        let result = machine.pop()?;
        Ok(Self { values: machine.values, result })
    }

    /// What the program left on its stack.
    pub(super) fn result(&self) -> &Value<'a> {
        self.value(self.result)
    }

    pub(super) fn value(&self, id: Id) -> &Value<'a> {
        &self.values[id]
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    values: Vec<Value<'a>>,
    stack: Vec<Id>,
    /// Heights of the stack.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
}

impl<'a> Machine<'a> {
    /// Does one instruction; `true` after the last.
    fn step(&mut self) -> Result<bool, String> {
        let [code] = self.array()?;
        match code {
            // PROTO
            0x80 => match self.array()? {
                [0..=2] => {}
                [version] => return Err(format!("pickle protocol {version} is not read")),
            },
            // STOP
            b'.' => return Ok(true),
            // MARK
            b'(' => self.marks.push(self.stack.len()),
            // NONE, NEWTRUE, NEWFALSE, EMPTY_LIST
            b'N' | 0x88 | 0x89 | b']' => self.push(Value::Other),
            // BINFLOAT
            b'G' => {
                self.array::<8>()?;
                self.push(Value::Other);
            }
            // BININT1, BININT2, BININT, LONG1
            b'K' => {
                let [number] = self.array()?;
                self.push(Value::Number(i64::from(number)));
            }
            b'M' => {
                let number = u16::from_le_bytes(self.array()?);
                self.push(Value::Number(i64::from(number)));
            }
            b'J' => {
                let number = i32::from_le_bytes(self.array()?);
                self.push(Value::Number(i64::from(number)));
            }
            0x8a => {
                let [length] = self.array()?;
                let number = little_endian(self.take(usize::from(length))?);
                self.push(number.map_or(Value::Other, Value::Number));
            }
            // BINUNICODE
            b'X' => {
                let length = u32::from_le_bytes(self.array()?);
                let text = utf8(self.take(length as usize)?)?;
                self.push(Value::Text(text));
            }
            // GLOBAL
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.push(Value::Global(module, name));
            }
            // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
            b')' => self.push(Value::Tuple(Vec::new())),
            0x85..=0x87 => {
                let items = self.pop_some(usize::from(code - 0x84))?;
                self.push(Value::Tuple(items));
            }
            b't' => {
                let items = self.pop_to_mark()?;
                self.push(Value::Tuple(items));
            }
            // EMPTY_DICT
            b'}' => self.push(Value::Dictionary(Vec::new())),
            // SETITEM, SETITEMS
            b's' => {
                let pair = self.pop_some(2)?;
                self.set(&pair)?;
            }
            b'u' => {
                let items = self.pop_to_mark()?;
                self.set(&items)?;
            }
            // APPEND, BUILD: no tensor is in a list or in what is set on an object
            b'a' | b'b' => {
                self.pop()?;
            }
            // APPENDS
            b'e' => drop(self.pop_to_mark()?),
            // REDUCE, NEWOBJ
            b'R' | 0x81 => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                let dictionary = matches!(self.values[function], Value::Global("collections", "OrderedDict"));
                self.push(match dictionary {
                    true => Value::Dictionary(Vec::new()),
                    false => Value::Call { function, arguments },
                });
            }
            // BINPERSID
            b'Q' => {
                let name = self.pop()?;
                self.push(Value::Stored(name));
            }
            // BINPUT, LONG_BINPUT
            b'q' => {
                let [at] = self.array()?;
                self.memo.insert(u32::from(at), self.top()?);
            }
            b'r' => {
                let at = u32::from_le_bytes(self.array()?);
                self.memo.insert(at, self.top()?);
            }
            // BINGET, LONG_BINGET
            b'h' => {
                let [at] = self.array()?;
                self.recall(u32::from(at))?;
            }
            b'j' => {
                let at = u32::from_le_bytes(self.array()?);
                self.recall(at)?;
            }
            other => return Err(format!("pickle instruction {other:#04x} is not read")),
        }
        Ok(false)
    }

    fn push(&mut self, value: Value<'a>) {
        self.stack.push(self.values.len());
        self.values.push(value);
    }

    /// The topmost value, which must lie above the last mark.
    fn top(&self) -> Result<Id, String> {
        let floor = self.marks.last().copied().unwrap_or_default();
        self.stack[floor..].last().copied().ok_or_else(|| "the pickle takes more than it has".to_owned())
    }

    fn pop(&mut self) -> Result<Id, String> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    /// The topmost values, the topmost last.
    fn pop_some(&mut self, count: usize) -> Result<Vec<Id>, String> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        items.reverse();
        Ok(items)
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, String> {
        let mark = self.marks.pop().ok_or_else(|| "the pickle has no mark where it needs one".to_owned())?;
        Ok(self.stack.split_off(mark))
    }

    /// Puts keys and values, by turns, into the dictionary on top.
    fn set(&mut self, items: &[Id]) -> Result<(), String> {
        let top = self.top()?;
        let Value::Dictionary(pairs) = &mut self.values[top] else {
            return Err("the pickle puts items into what is no dictionary".to_owned());
        };
        if !items.len().is_multiple_of(2) {
            return Err("the pickle has a key without a value".to_owned());
        }
        pairs.extend(items.chunks_exact(2).map(|pair| (pair[0], pair[1])));
        Ok(())
    }

    fn recall(&mut self, at: u32) -> Result<(), String> {
        let id = *self.memo.get(&at).ok_or_else(|| format!("the pickle has nothing under {at}"))?;
        self.stack.push(id);
        Ok(())
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let taken = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| "the pickle ends early".to_owned())?;
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        Ok(self.take(N)?.try_into().expect("as many bytes were taken"))
    }

    fn line(&mut self) -> Result<&'a str, String> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|&byte| byte == b'\n').ok_or("the pickle ends early")?;
        self.at += end + 1;
        utf8(&rest[..end])
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "the pickle holds text that is not UTF-8".to_owned())
}

/// A signed number of at most eight bytes.
fn little_endian(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut eight = [if negative { 0xff } else { 0 }; 8];
    eight.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(eight))
}
