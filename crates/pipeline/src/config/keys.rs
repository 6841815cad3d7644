//! Says which known key an unknown one was perhaps meant to be.

/// Adds the nearest known key to serde's message about an unknown one: ``unknown field `modle`, expected one of …``.
pub(super) fn with_nearest(message: &str) -> String {
    match nearest(message) {
        Some(known) => format!("{message}; did you mean `{known}`?"),
        None => message.to_owned(),
    }
}

fn nearest(message: &str) -> Option<String> {
    let rest = message.split_once("unknown field `").or_else(|| message.split_once("unknown variant `"))?.1;
    let (unknown, rest) = rest.split_once('`')?;
    let expected = rest.split_once("expected ")?.1;
    let known = expected.split('`').skip(1).step_by(2);
    let best = known.min_by_key(|known| strsim::damerau_levenshtein(unknown, known))?;
    let distance = strsim::damerau_levenshtein(unknown, best);
    (distance <= 2.max(unknown.len() / 3)).then(|| best.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_is_not() {
        let message = |key| format!("unknown field `{key}`, expected one of `store`, `model`, `taxonomy`");
        assert!(with_nearest(&message("modle")).ends_with("did you mean `model`?"));
        assert_eq!(with_nearest(&message("colour")), message("colour"));
        assert_eq!(with_nearest("something else"), "something else");
    }
}
