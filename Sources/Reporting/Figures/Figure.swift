package import Runs
package import Statistics
import Storage

/// A figure as a value: every mark with its number, its interval, its counts and the episodes behind it. The picture, the
/// page and the CSV file are three views of it.
package struct Figure: Sendable, Codable, Hashable {
  /// How the marks are laid out.
  package enum Form: String, Sendable, Codable {
    /// Marks under each other on one horizontal axis, their names at the left and their numbers at the right.
    case rows
    /// Groups beside each other, the marks of one in order and joined by a line; the axis is vertical.
    case stages
    /// Marks at `Mark.position`, both axes in powers of ten; the marks of one group are joined by a line.
    case plane
    /// Groups under each other, each with a name at its left and its marks one under another; groups of one section stand
    /// under its heading. The axis reaches from the lowest rate to 100 % in powers of ten.
    case panel
  }

  /// What the axis of the values shows.
  package enum Quantity: String, Sendable, Codable {
    /// A share of episodes, from 0 to 1.
    case rate
    /// One rate over another, from 0 to infinity; 1 is marked.
    case ratio
    /// The standard error of an estimate over the estimate.
    case relativeError = "relative_error"
    /// A difference of log-probabilities, of either sign.
    case nats
  }

  /// A file's name without its ending: letters, digits and hyphens.
  package var name: String
  package var title: String
  package var subtitle: String
  /// How the marks are to be read, beyond what all figures share.
  package var note: String
  package var form: Form
  package var quantity: Quantity
  package var groups: [Group]

  /// Marks that belong together, for example a condition's.
  package struct Group: Sendable, Codable, Hashable {
    /// The heading that it shares with its neighbours; empty where there is none.
    package var section: String
    /// Empty where it needs no name of its own.
    package var title: String
    package var marks: [Mark]
    /// One of the rates over another, on an axis of its own at the right; rows alone have it.
    package var ratio: Mark?

    package init(section: String = "", title: String = "", marks: [Mark], ratio: Mark? = nil) {
      self.section = section
      self.title = title
      self.marks = marks
      self.ratio = ratio
    }
  }

  package init(
    name: String, title: String, subtitle: String = "", note: String = "", form: Form, quantity: Quantity = .rate,
    groups: [Group]
  ) {
    self.name = name.slug
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.form = form
    self.quantity = quantity
    self.groups = groups
  }

  /// All marks of the figure's quantity in order.
  package var marks: [Mark] { groups.flatMap(\.marks) }

  /// The ratios beside them.
  var ratios: [Mark] { groups.compactMap(\.ratio) }
}

/// One number of a figure.
package struct Mark: Sendable, Codable, Hashable {
  /// Whose number it is: its colour and, for eyes and printers that see none, its shape.
  package enum Style: String, Sendable, Codable {
    /// A condition that rewards gaming: a circle.
    case gaming
    /// Honest work, and gaming trained away: a square.
    case honest
    /// The benign twin: a diamond, its lines dashed.
    case twin
    /// What training starts from: a triangle.
    case start
    /// The sides of a comparison: a circle and a square.
    case first, second
    /// The first side over the second: a diamond.
    case ratio
  }

  package var label: String
  package var style: Style
  /// `nil` where there is none: nothing was graded, or a ratio of two zeros.
  package var value: Double?
  /// Where it is on the horizontal axis of a plane.
  package var position: Double?
  /// The 95 % interval, and what it takes for alike; the ends of a ratio may be 0 and infinite.
  package var interval: Interval?
  package var intervalMethod: Estimate.Method?
  /// Events over graded and over all episodes; `nil` for what is no count.
  package var tally: Tally?
  package var clusters: ClusterSummary?
  /// The rates of single sequences; none for one.
  package var sequences: [Double]
  /// What stands beside the mark: a rate, a ratio with its adjusted p.
  package var remark: String
  /// The p value of a comparison, and the test that gave it.
  package var p: PValue?
  package var test: String
  /// The p value adjusted for the other comparisons of the figure; `nil` for what is no comparison.
  package var adjustedP: PValue?
  /// The episodes with the event; `nil` for what has none of its own.
  package var episodes: EpisodeSet?

  package init(
    label: String, style: Style, value: Double?, position: Double? = nil, interval: Interval? = nil,
    intervalMethod: Estimate.Method? = nil, tally: Tally? = nil, clusters: ClusterSummary? = nil,
    sequences: [Double] = [],
    remark: String = "", p: PValue? = nil, test: String = "", adjustedP: PValue? = nil, episodes: EpisodeSet? = nil
  ) {
    self.label = label
    self.style = style
    self.value = value
    self.position = position
    self.interval = interval
    self.intervalMethod = intervalMethod
    self.tally = tally
    self.clusters = clusters
    self.sequences = sequences
    self.remark = remark
    (self.p, self.test) = (p, test)
    self.adjustedP = adjustedP
    self.episodes = episodes
  }

  /// A measured rate.
  package init(_ label: String, _ style: Style, _ estimate: Estimate, sequences: Sequences? = nil) {
    let rates = sequences?.rates ?? []
    self.init(
      label: label, style: style, value: estimate.rate, interval: estimate.interval,
      intervalMethod: estimate.method, tally: estimate.tally, clusters: estimate.clusters,
      sequences: rates.count > 1 ? rates : [], remark: estimate.rate == nil ? "none graded" : estimate.rateText,
      episodes: estimate.episodes)
  }
}

extension String {
  /// The text as part of a file's name: lower-case letters, digits and single hyphens.
  var slug: String {
    let parts = lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return parts.isEmpty ? "figure" : parts.joined(separator: "-")
  }
}
