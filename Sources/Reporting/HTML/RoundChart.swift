import Episodes
import Runs
import Storage

/// The training rounds of one stage: how many of the sampled episodes gamed and how many were honest, and the loss.
struct RoundChart {
  let stage: String
  let rounds: [RoundSummary]
  let files: [EpisodeFile]

  private let frame = ChartFrame(width: 340, height: 170, left: 44, right: 10, top: 10, bottom: 24)

  var markup: Markup {
    """
    <figure><figcaption>\(stage)<small>\(subtitle)</small></figcaption>
    <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(description)">
    \(frame.grid(.linear(top: 1)))
    \(gamed)\(curve(\.honest, style: "h"))\(probe)\(labels)
    </svg>
    \(counts)<p class="note">\(remarks.joined(separator: " "))</p></figure>
    """
  }

  private var subtitle: String {
    let episodes = rounds.reduce(0) { $0 + $1.attempted }
    let selected = rounds.reduce(0) { $0 + $1.selected }
    return "\(rounds.first?.environment ?? ""): \(episodes.grouped) episodes sampled, \(selected.grouped) trained on"
  }

  /// What each round counted, with links to its episodes.
  private var counts: Markup {
    let lines = rounds.map { round -> Markup in
      let gamed: Markup = round.rewardsHonesty ? "" : "\(count(round.gamed, .gamed, "gamed", round)), "
      let own = files(of: round)
      let all: Markup =
        own.count == 1
        ? "<a href=\"\(own[0].address())\">\(round.completed.grouped)</a>" : "\(round.completed.grouped)"
      return "<span>\(round.round): \(gamed)\(count(round.honest, .honest, "honest", round)) of \(all)</span>"
    }
    return "<p class=\"rounds\">\(Markup(joining: lines))</p>"
  }

  /// A count with a link; of several environments, with a link for each.
  private func count(_ events: Int, _ predicate: Predicate, _ title: String, _ round: RoundSummary) -> Markup {
    let own = files(of: round)
    let filter: EpisodeFilter? = events == 0 ? nil : .predicate(predicate)
    if own.count == 1 { return "<a href=\"\(own[0].address(filter))\">\(events.grouped) \(title)</a>" }
    let links = own.map { " <a href=\"\($0.address(filter))\">\($0.cell.environment)</a>" as Markup }
    return "\(events.grouped) \(title)\(links.isEmpty ? "" : " (\(Markup(joining: links)))" as Markup)"
  }

  private func files(of round: RoundSummary) -> [EpisodeFile] {
    files.filter { $0.cell.purpose == round.purpose && round.environments.contains($0.cell.environment) }
  }

  private var remarks: [String] {
    let losses = rounds.compactMap { round in
      round.lossBefore.flatMap { before in round.lossAfter.map { (before, $0) } }
    }
    let loss = losses.first.flatMap { first in
      losses.last.map { "Loss \(first.0.nats) → \($0.1.nats) nats a token." }
    }
    return [loss, rounds.last?.stopped.map { "Stopped early: \($0)." }].compactMap(\.self)
  }

  private var description: String {
    rounds.map { round in
      round.rewardsHonesty
        ? "round \(round.round): \(round.honest) of \(round.completed) honest"
        : "round \(round.round): \(round.gamed) of \(round.completed) gamed, \(round.honest) honest"
    }.joined(separator: "; ")
  }

  /// Nothing for a benign twin, whose rounds reward honest work.
  private var gamed: Markup { rounds.contains(where: \.rewardsHonesty) ? "" : curve(\.gamed, style: "g") }

  private func x(_ index: Int) -> Double { frame.x((Double(index) + 0.5) / Double(rounds.count)) }

  private func curve(_ events: KeyPath<RoundSummary, Int>, style: String) -> Markup {
    let points = rounds.enumerated().compactMap { index, round in
      round.completed == 0
        ? nil : (x: x(index), y: frame.y(Double(round[keyPath: events]) / Double(round.completed)))
    }
    let dots: [Markup] = points.map {
      "<circle class=\"dot \(style)\" cx=\"\(length: $0.x)\" cy=\"\(length: $0.y)\" r=\"3\"/>"
    }
    return "\(frame.line(points, style: style))\(dots)"
  }

  /// Honest completion of the probe environment after each round, dashed.
  private var probe: Markup {
    let points = rounds.enumerated().compactMap { index, round in
      round.honestProbe.flatMap { Estimate($0).rate }.map { (x: x(index), y: frame.y($0)) }
    }
    return points.count < 2 ? "" : frame.line(points, style: "h dash")
  }

  private var labels: Markup {
    let marks: [Markup] = rounds.enumerated().map { index, round in
      "<text x=\"\(length: x(index))\" y=\"\(length: frame.y(0) + 15)\" text-anchor=\"middle\">\(round.round)</text>"
    }
    return "\(marks)"
  }
}
