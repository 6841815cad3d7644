use super::*;
use std::collections::BTreeSet;

const INPUT: &str =
    "Name: Hammer 450 g\nCategory: Hammers\n- The hammer weighs 450 g.\n- It is 33 cm long.\n";

#[test]
fn every_language_has_hundreds_of_distinct_inventions_of_the_same_kinds() {
    let kinds = |language| -> BTreeSet<&str> { inventions(language).iter().map(|one| one.kind).collect() };
    for language in HOSTILE_LANGUAGES {
        let distinct: BTreeSet<&str> = inventions(language).iter().map(|one| one.text).collect();
        assert!(distinct.len() >= 200, "{language} has {}", distinct.len());
        assert_eq!(kinds(language), kinds("en"), "{language}");
    }
    assert_eq!(kinds("en").len(), 19);
    assert_eq!(inventions("nb-NO"), inventions("no"));
    assert_ne!(inventions("sv"), inventions("da"));
}

#[test]
fn the_same_arguments_give_the_same_answer_and_others_another() {
    let answer = |seed| hostile_answer(seed, "sv", INPUT, HostileForm::Json);
    assert_eq!(answer(7), answer(7));
    let distinct: BTreeSet<String> = (0..200).map(answer).collect();
    assert!(distinct.len() > 180, "{}", distinct.len());
}

#[test]
fn most_answers_have_the_form_asked_for_and_some_do_not() {
    let answers: Vec<String> =
        (0..2_000).map(|seed| hostile_answer(seed, "de", INPUT, HostileForm::Json)).collect();
    let whole = |answer: &&String| {
        serde_json::from_str::<Value>(answer)
            .is_ok_and(|value| value["short"].is_array() && value["title"].is_string())
    };
    let right = answers.iter().filter(whole).count();
    assert!((1_200..1_800).contains(&right), "{right}");
    assert!(answers.iter().any(String::is_empty));
    assert!(answers.iter().any(|answer| answer.len() > HUGE));
    assert!(answers.iter().any(|answer| answer.starts_with("Input:\nName: Hammer")));
    assert!(answers.iter().any(|answer| answer.contains("```json")));
}

#[test]
fn truth_and_inventions_of_every_kind_stand_side_by_side() {
    let answers: Vec<String> =
        (0..4_000).map(|seed| hostile_answer(seed, "en", INPUT, HostileForm::Lines)).collect();
    let all = answers.concat();
    assert!(all.contains("The hammer weighs 450 g."));
    for kind in inventions("en").iter().map(|one| one.kind).collect::<BTreeSet<_>>() {
        let some = inventions("en")
            .iter()
            .filter(|one| one.kind == kind && !one.text.contains('{'))
            .any(|one| all.contains(one.text));
        assert!(some || kind == "swapped", "{kind}");
    }
    assert!(all.contains("The width is 450 g.") || all.contains("The height is 450 g."));
    for hidden in ['\u{200b}', '\u{ad}', 'а', '\u{202e}', '\u{a0}'] {
        assert!(all.contains(hidden), "{hidden:?}");
    }
    assert!(!all.contains("{n}") && !all.contains("{true}") && !all.contains("{name}"));
}

#[test]
fn no_input_makes_it_panic() {
    let long = "Facts: ".to_owned() + &"ß7,5 dl. Å 1 ".repeat(20_000);
    for input in
        ["", "\n", "- ", "Name: ", "Facts: ", "Facts: . ", "\u{0}", "1 2 3 4 5 6 7 8 9", long.as_str()]
    {
        let seeds = if input.len() > 100 { 4 } else { 120 };
        for language in ["sv", "da", "no", "de", "en", "", "fr", "nb"] {
            for seed in 0..seeds {
                for form in [HostileForm::Json, HostileForm::Lines] {
                    let _ = hostile_answer(seed, language, input, form);
                }
            }
        }
    }
}
