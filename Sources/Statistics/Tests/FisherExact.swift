/// Fisher's exact test, two-sided, of whether two counts have the same rate: the probability, given all margins, of
/// every table that is at most as likely as the one seen (tables that differ by rounding only, a relative 1e-7, count as
/// equally likely, as in R and SciPy). Without trials on either side, or without events, it is 1.
///
/// It sums outwards from the table seen and from its mirror image in the other tail and stops where terms no longer
/// matter, so millions of trials cost microseconds.
package func fisherExact(_ a: Count, _ b: Count) -> PValue {
  Hypergeometric(first: a.trials, second: b.trials, events: a.events + b.events).twoSided(from: a.events)
}
