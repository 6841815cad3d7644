//! Line charts of shares, as SVG inside a page: colours and fonts are the page's.

use std::fmt::Write as _;

use super::text;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 46.0;

/// A chart whose both axes go from 0 to 1.
#[derive(Debug)]
pub(super) struct Chart<'a> {
    /// What it shows, for those who cannot see it.
    pub(super) title: &'a str,
    /// What stands below the horizontal axis.
    pub(super) across: &'a str,
    /// Where on the horizontal axis which words stand.
    pub(super) ticks: Vec<(f64, String)>,
    /// Whether the diagonal is drawn, on which a confidence is true.
    pub(super) diagonal: bool,
    /// The lines.
    pub(super) lines: Vec<Line>,
}

/// A line of a chart.
#[derive(Debug)]
pub(super) struct Line {
    /// Its name in the legend.
    pub(super) name: String,
    /// Its points, from left to right.
    pub(super) points: Vec<Point>,
    /// Whether the points are marked.
    pub(super) marked: bool,
    /// Whether the line is broken, so that one that it covers is seen.
    pub(super) broken: bool,
}

/// A point of a line.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) across: f64,
    pub(super) up: f64,
    /// From where to where it varies.
    pub(super) between: Option<(f64, f64)>,
    /// What is said of it where it is pointed at.
    pub(super) says: String,
}

/// Ticks at every fifth, in percent.
pub(super) fn fifths() -> Vec<(f64, String)> {
    (0..=5u32).map(|fifth| (f64::from(fifth) / 5.0, format!("{} %", fifth * 20))).collect()
}

/// The chart, with its legend before it where there are several lines.
pub(super) fn draw(chart: &Chart<'_>) -> String {
    let mut svg = String::new();
    if chart.lines.len() > 1 {
        svg.push_str("<p class=\"legend\">");
        for (number, line) in chart.lines.iter().enumerate() {
            put(
                &mut svg,
                format_args!("<span><i class=\"c{}\"></i>{}</span> ", colour(number), text::html(&line.name)),
            );
        }
        svg.push_str("</p>\n");
    }
    let title = text::html(chart.title);
    put(
        &mut svg,
        format_args!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n"
        ),
    );
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    for (share, words) in fifths() {
        let y = y(share);
        put(&mut svg, format_args!("<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>"));
        put(
            &mut svg,
            format_args!("<text x=\"{:.1}\" y=\"{:.1}\" class=\"end\">{words}</text>\n", LEFT - 6.0, y + 4.0),
        );
    }
    for (share, words) in &chart.ticks {
        let (x, words) = (x(*share), text::html(words));
        put(&mut svg, format_args!("<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>"));
        put(
            &mut svg,
            format_args!("<text x=\"{x:.1}\" y=\"{:.1}\" class=\"middle\">{words}</text>\n", bottom + 18.0),
        );
    }
    let middle = (LEFT + right) / 2.0;
    let across = text::html(chart.across);
    put(
        &mut svg,
        format_args!("<text x=\"{middle}\" y=\"{:.1}\" class=\"middle\">{across}</text>\n", HEIGHT - 8.0),
    );
    if chart.diagonal {
        put(
            &mut svg,
            format_args!(
                "<path class=\"diagonal\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>\n",
                x(0.0),
                y(0.0),
                x(1.0),
                y(1.0)
            ),
        );
    }
    for (number, line) in chart.lines.iter().enumerate() {
        draw_line(&mut svg, line, colour(number));
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_line(svg: &mut String, line: &Line, colour: usize) {
    let mut path = String::new();
    for (at, point) in line.points.iter().enumerate() {
        let to = if at == 0 { 'M' } else { 'L' };
        put(&mut path, format_args!("{to}{:.1} {:.1}", x(point.across), y(point.up)));
    }
    let broken = if line.broken { " broken" } else { "" };
    put(svg, format_args!("<path class=\"line{broken} c{colour}\" d=\"{path}\"/>\n"));
    for point in line.points.iter().filter(|_| line.marked) {
        let (across, up) = (x(point.across), y(point.up));
        if let Some((low, high)) = point.between {
            let (low, high) = (y(low), y(high));
            put(svg, format_args!("<path class=\"line c{colour}\" d=\"M{across:.1} {low:.1}V{high:.1}\"/>"));
        }
        let says = text::html(&point.says);
        put(
            svg,
            format_args!(
                "<circle class=\"c{colour}\" cx=\"{across:.1}\" cy=\"{up:.1}\" r=\"4\"><title>{says}</title></circle>\n"
            ),
        );
    }
}

/// There are four colours.
fn colour(number: usize) -> usize {
    number % 4
}

fn x(share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

fn y(share: f64) -> f64 {
    HEIGHT - BOTTOM - share.clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM)
}

fn put(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("a String takes everything");
}
