//! Text: what people read, apart from the data that it is made of.

mod brief;
mod explanation;
