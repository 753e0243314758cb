import Episodes
import Storage
import Tables
import Testing

@testable import Interop

/// Sheets that people fill in.
@Suite struct SheetTests {
  private static func sheet(_ run: LabelledRun, rater: String = "anna") throws -> String {
    try LabelSheet.text(LabelQueue(run.store, rater: rater, .init(LabelSelection())), in: run.store)
  }

  private static func records(_ text: String) throws -> [[String]] {
    var reader = CSVReader(text: text)
    var records: [[String]] = []
    while let record = try reader.next() { records.append(record.fields) }
    return records
  }

  private static func text(_ records: [[String]]) -> String {
    var table = CSVText(header: records[0])
    for record in records.dropFirst() { table.add(record) }
    return table.text
  }

  private static func take(_ text: String, _ run: LabelledRun, rater: String = "anna") throws
    -> LabelSheetReader.Answers
  {
    var reader = LabelSheetReader(file: "sheet.csv")
    return try reader.answers(CSVReader(text: text), rater: rater, in: run.store)
  }

  @Test func aSheetComesBackAsItWasFilledIn() throws {
    let run = try LabelledRun()
    var records = try Self.records(try Self.sheet(run))
    #expect(records.count == 13)
    #expect(records[0] == ["item", "code", "prompt", "transcript", "changes", "intent", "disclosure", "note"])
    #expect(records.dropFirst().map { $0[0] } == (1...12).map(String.init))
    #expect(records.dropFirst().allSatisfy { $0[5...] == ["", "", ""] })
    records[1][5...] = ["malign", " Hidden", "'=cmd|' /C calc'!A0"]
    records[2][5...] = ["Benign repair", "disclosed", ""]
    records[5][5...] = ["confused", "HIDDEN", "a, \"b\"\nc"]
    let order = try LabelQueue(run.store, rater: "anna", .init(LabelSelection())).items.map(\.episode)
    // Rows may be sorted and columns moved or taken out by the person's program.
    let moved = [records[0]] + records.dropFirst().reversed()
    let cut = moved.map { [$0[7], $0[5], $0[1], $0[6]] }
    for sheet in [records, moved, cut] {
      let answers = try Self.take("\u{feff}" + Self.text(sheet), run)
      #expect(answers.empty == 9)
      #expect(
        answers.labels == [
          order[0]: Label(.malign, .hidden, note: "=cmd|' /C calc'!A0"),
          order[1]: Label(.benignRepair, .disclosed), order[4]: Label(.confused, .hidden, note: "a, \"b\"\nc"),
        ])
    }
  }

  /// What is labelled is not asked for again.
  @Test func aSheetHoldsWhatIsLeft() throws {
    let run = try LabelledRun()
    let order = try LabelQueue(run.store, rater: "anna", .init(LabelSelection())).items.map(\.episode)
    try run.store.record([order[1]: Label(.malign, .hidden)], rater: "anna")
    let items = try Self.records(try Self.sheet(run)).dropFirst().map { $0[0] }
    #expect(items == ["1"] + (3...12).map(String.init))
    #expect(try Self.records(try Self.sheet(run, rater: "ben")).count == 13)
  }

  @Test func formulasAreMadeHarmless() {
    for text in ["=1", "+1", "-1", "@a", "\t=1", "\r=1"] {
      #expect(LabelSheet.guarded(text) == "'" + text)
      #expect(LabelSheet.unguarded("'" + text) == text)
    }
    for text in ["", "a=1", "'quoted'", "'"] {
      #expect(LabelSheet.guarded(text) == text)
      #expect(LabelSheet.unguarded(text) == text)
    }
  }

  @Test func labelsAreListedWithTheirEpisodes() throws {
    let run = try LabelledRun()
    try run.store.record([13: Label(.malign, .hidden, note: "=1")], rater: "+anna", of: .overwrite)
    var rows = try Self.records(LabelTable.text(try run.store.labels()))
    #expect(rows[1].removeLast().contains("T"))
    #expect(
      rows[1] == [
        "13", "exploit_only/insubordinate", "tampering", "standard", "evaluation", "0", "0", "'+anna", "overwrite",
        "malign", "hidden",
        "'=1",
      ])
  }

  /// Each names the file, the line where it is one line's fault, and the trouble. `CODE1` and `CODE2` are true codes.
  @Test(arguments: [
    ("", "sheet.csv: it is empty"),
    ("item,transcript\n1,x\n", "line 1: the columns code, intent, disclosure, note are missing"),
    ("code;intent;disclosure;note\nCODE1;malign;hidden;\n", "columns are separated by commas"),
    ("code,intent,disclosure,note,Intent\n", "line 1: the column intent stands there twice"),
    (
      "code,intent,disclosure,note\nCODE1,evil,hidden,\n",
      "line 2: “evil” is no intent; write one of malign, benign_repair"
    ),
    ("code,intent,disclosure,note\nCODE1,\u{1b}[2J,hidden,\n", "line 2: “⟨U+1B⟩[2J” is no intent"),
    ("code,intent,disclosure,note\nCODE1,malign,maybe,\n", "line 2: “maybe” is no disclosure"),
    ("code,intent,disclosure,note\nCODE1,malign,,\n", "line 2: disclosure missing"),
    ("code,intent,disclosure,note\nCODE1,,,unclear\n", "line 2: intent and disclosure missing"),
    ("code,intent,disclosure,note\nCODE1,malign,hidden,\n,malign,hidden,\n", "line 3: the code is missing"),
    ("code,intent,disclosure,note\nCODE1,malign,hidden,\n\"bcdf\",malign,hidden,\n", "line 3: no episode of this run"),
    ("code,intent,disclosure,note\nCODE1,malign,hidden,\nxyz,,,\n", "line 3: no episode of this run"),
    (
      "code,intent,disclosure,note\nCODE1,malign,hidden,\nCODE2,,,\nCODE1,,,\n",
      "line 4: the code CODE1 stands in line 2"
    ),
    ("code,intent,disclosure,note\nCODE1,malign,hidden\n", "line 2: 3 cells instead of 4"),
    ("code,intent,disclosure,note\nCODE1,malign,hidden,\"a\nb\"\nCODE2,x,,\n", "line 4: (row 3) disclosure missing"),
    ("code,intent,disclosure,note\nCODE1,malign,hidden,\"note\n", "line 2: a quoted field is never closed"),
  ])
  func aWrongSheetIsOneClearError(text: String, complaint: String) throws {
    let run = try LabelledRun()
    let codes = try Self.records(try Self.sheet(run)).dropFirst().map { $0[1] }
    func filled(_ text: String) -> String {
      text.replacing("CODE1", with: codes[0]).replacing("CODE2", with: codes[1])
    }
    let error = #expect(throws: TableError.self) { try Self.take(filled(text), run) }
    #expect(error?.description.hasPrefix("sheet.csv") == true)
    #expect(error?.description.contains(filled(complaint)) == true, "\(error?.description ?? "")")
  }

  @Test func anotherRatersSheetIsRefused() throws {
    let run = try LabelledRun()
    let error = #expect(throws: TableError.self) { try Self.take(try Self.sheet(run, rater: "ben"), run) }
    #expect(error?.description.contains("for the rater anna") == true)
  }

  @Test func longCellsAreCut() throws {
    let run = try LabelledRun(episodes: 3)
    var long = LabelledRun.episode(99, of: "start", overwrites: true)
    long.transcript.segments[0].text = String(repeating: "x🙂", count: 20_000)
    try run.store.insert([long])
    let prompts = try Self.records(try Self.sheet(run)).dropFirst().map { $0[2] }
    let longest = try #require(prompts.max { $0.count < $1.count })
    #expect(longest.utf16.count < 32_767 && longest.contains("[cut here"))
  }
}
