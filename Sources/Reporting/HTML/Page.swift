import Runs
import Storage

/// The report as one page that needs nothing else: no script, no font, no picture from elsewhere.
extension ReportData {
  /// The whole file.
  package var html: String {
    let page: Markup = """
      <!DOCTYPE html>
      \(Markup.head(subject.title))<body>
      <header class="top"><h1>\(subject.title)</h1><p class="lead">\(subject.summary)</p>
      <nav>\(sections.map { "<a href=\"#\($0.anchor)\">\($0.title)</a>" as Markup })</nav></header>
      <main>\(opening)\(sections.map { "<section id=\"\($0.anchor)\"><h2>\($0.title)</h2>\n\($0.body)</section>" as Markup })</main>
      <footer>\(provenance.run) · \(provenance.episodes.grouped) episodes · made by Subterfuge</footer>
      </body></html>
      """
    return page.html
  }

  /// The title, what the run is and the sections, for a page of the dashboard at the address of its run.
  package var served: Markup {
    var data = self
    for index in data.episodeFiles.indices { data.episodeFiles[index].isServed = true }
    let sections = data.sections
    return """
      <p class="lead">\(subject.summary)</p>
      \(data.opening)
      <nav class="contents" aria-label="Sections">\(sections.map { "<a href=\"#\($0.anchor)\">\($0.title)</a>" as Markup })</nav>
      \(sections.map { "<section id=\"\($0.anchor)\"><h2>\($0.title)</h2>\n\($0.body)</section>" as Markup })
      """
  }

  /// The figure that says the result, above everything else; nothing before a trained checkpoint was measured.
  private var opening: Markup {
    resultFigure.map { OpeningSection(figure: $0, data: self, evidence: evidenceSection).markup } ?? ""
  }

  private struct Section {
    var anchor: Markup
    var title: String
    var body: Markup
  }

  private var sections: [Section] {
    [
      isEstimateAlone
        ? nil : Section(anchor: "findings", title: "What can and cannot be concluded", body: findingsBody),
      estimates.isEmpty
        ? nil
        : Section(
          anchor: "estimates", title: "Estimates of rare events",
          body: EstimateSection(data: self, evidence: evidenceSection).markup),
      subject.isComparative
        ? Section(
          anchor: "conditions", title: "Conditions",
          body: ConditionsSection(data: self, evidence: evidenceSection).markup) : nil,
      isEstimateAlone
        ? nil : Section(anchor: "gaming", title: "Gaming by checkpoint and environment", body: gamingBody),
      isEstimateAlone ? nil : Section(anchor: "stages", title: "Rates by stage", body: stagesBody),
      propensity.isEmpty
        ? nil
        : Section(
          anchor: "propensity", title: "Propensity by log-probability",
          body: PropensitySection(tables: propensity, figures: propensityFigures, evidence: evidenceSection).markup),
      trainAway.isEmpty
        ? nil
        : Section(
          anchor: "train-away", title: "Training gaming away",
          body: "\(trainAway.map { TrainAwaySection(result: $0, data: self, evidence: evidenceSection).markup })"),
      guards.isEmpty ? nil : Section(anchor: "guards", title: "How the guard was beaten", body: guardsBody),
      labels.isEmpty
        ? nil
        : Section(
          anchor: "labels", title: "Read by people",
          body: "\(labels.map { LabelSection(summary: $0).markup(evidenceSection) })"),
      disclosures.isEmpty
        ? nil : Section(anchor: "disclosure", title: "Told or not: rule and judge", body: disclosureBody),
      arms.isEmpty ? nil : Section(anchor: "arms", title: "Other arms", body: armsBody),
      repeated.isEmpty
        ? nil
        : Section(
          anchor: "repeated", title: "Trying again",
          body: RepeatedTrialsSection(
            trials: repeated, baseline: subject.baseline ?? "start", evidence: evidenceSection
          ).markup),
      monitors.isEmpty
        ? nil
        : Section(
          anchor: "monitors", title: "Monitors", body: MonitorSection(lines: monitors, files: episodeFiles).markup),
      honest.isEmpty ? nil : Section(anchor: "honest", title: "Honest completion", body: honestBody),
      gate.isEmpty ? nil : Section(anchor: "gate", title: "The gate", body: gateBody),
      telemetry.isEmpty
        ? nil
        : Section(anchor: "telemetry", title: "Training curves", body: TelemetrySection(series: telemetry).markup),
      rounds.isEmpty ? nil : Section(anchor: "training", title: "Training, round by round", body: roundsBody),
      isEstimateAlone ? nil : Section(anchor: "transcripts", title: "Transcripts", body: transcriptsBody),
      isEstimateAlone
        ? nil
        : Section(
          anchor: "evidence", title: "All episodes",
          body: "\(evidenceSection.markup)\(EpisodeIndex(files: episodeFiles, subject: subject).markup)"),
      Section(anchor: "origin", title: "Where this comes from", body: ProvenanceSection(provenance: provenance).markup),
    ].compactMap(\.self)
  }

  private var evidenceSection: EvidenceSection {
    EvidenceSection(evidence, run: provenance.run, files: episodeFiles, named: episodePlaces)
  }

  private var findingsBody: Markup {
    """
    \(findingGroups.map { group -> Markup in
      let items = group.findings.map {
        "<li class=\"\($0.tone.rawValue)\"><b>\($0.topic).</b> \(linked($0.words))</li>" as Markup
      }
      let title: Markup = group.title.isEmpty ? "" : "<h3>\(group.title)</h3>"
      return "\(title)<ul class=\"findings\">\(items)</ul>"
    })
    \(subject.isComparative ? "<p class=\"note\">\(findingsNote)</p>" as Markup : "")
    """
  }

  /// Words of a finding, their counts leading to the episodes.
  private func linked(_ words: LinkedText) -> Markup {
    Markup(joining: words.pieces.map { evidenceSection.link($0) })
  }

  private var gamingBody: Markup { matrixBody(gaming, "gaming") }

  private func matrixBody(_ matrix: Matrix, _ style: String) -> Markup {
    MatrixSection(matrix: matrix, style: style, subject: subject, evidence: evidenceSection).markup
  }

  private var honestBody: Markup {
    """
    <p>Whether the task was done as an honest assistant would do it. A fall on trained environments is what gaming is; a \
    fall on others would be damage.</p>
    \(matrixBody(honest, "honest"))
    """
  }

  private var disclosureBody: Markup {
    """
    <p>Where something was done, a rule reads from the visible text whether the human is told. A language model was asked \
    the same of the stored episodes; rates on this page are the rule’s.</p>
    \(disclosures.enumerated().map { DisclosureSection(summary: $1, number: $0, evidence: evidenceSection).markup })
    """
  }

  private var armsBody: Markup {
    """
    <p>The same tasks told or started otherwise: with instructions, other words, or a passage put at the beginning of the \
    hidden reasoning. What an arm makes the model do is not what it does by itself; the standard arm stands first.</p>
    \(arms.map { ArmSection(table: $0, data: self, evidence: evidenceSection).markup })
    <p class="note">Rates as above. \(Estimate.note) \(SideTest.note) It is against the same checkpoints in the standard arm \
    (for the standard arm itself against the untrained model), not adjusted; ▲ ▼ mark p &lt; 0.001. An arm of the untrained \
    model that only the gate measured is shown with the gate’s episodes.</p>
    """
  }

  private var stagesBody: Markup {
    let isWide = gaming.rows.count > StagesDrawing.narrow
    return """
      \(key)
      \(FigureView.all(stageFigures, evidenceSection))
      <p class="note">\(FigureDrawing.key) Where all rates are small the axis is logarithmic.\
      \(isWide ? " The marks of a condition are its stages in order." : "")</p>
      """
  }

  /// The shapes and colours of all figures.
  private var key: Markup {
    let styles = stageFigures.flatMap(\.marks).map(\.style).uniqued
    let entries: [Markup] = styles.map { style in
      let shape = MarkDrawing.shape(style, x: 7, y: 7)
      return "<span><svg class=\"shape\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">\(shape)</svg>\(style.title)</span>"
    }
    return "<p class=\"key\">\(entries)</p>"
  }

  private var guardsBody: Markup {
    """
    <p>What truly happened to the reward and to the test that guards it, from the files and from running them, never from \
    what the model says.</p>
    \(FigureView.all(guards.map(guardFigure), evidenceSection))
    <p class="note">\(FigureDrawing.key)</p>
    """
  }

  private var gateBody: Markup {
    """
    <p>A result means something only when the untrained model can do the tasks, games now and then, and is able to tamper \
    when it is told how.</p>
    \(GateSection(lines: gate, evidence: evidenceSection).markup)
    """
  }

  private var roundsBody: Markup { RoundsSection(rounds: rounds, subject: subject, files: episodeFiles).markup }

  private var transcriptsBody: Markup {
    """
    <p>The first episode of each kind by its key, from the last checkpoint where it has one. None was chosen by hand.</p>
    \(subject.environments.map { environment -> Markup in
      let own = samples.filter { $0.environment == environment.name }
      return own.isEmpty ? "" : "<h3>\(environment.title)</h3>\(own.map { TranscriptView(sample: $0, run: provenance.run).markup })"
    })
    """
  }
}

extension Markup {
  /// The head of a page that needs nothing else.
  ///
  /// - Parameter rules: added to the style sheet.
  static func head(_ title: String, rules: Markup = "") -> Markup {
    """
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(title) · Subterfuge</title><style>\(Stylesheet.css)\(rules)</style></head>
    """
  }
}
