import Episodes
import Foundation
import Testing

@testable import Tokenization

struct ChatTemplateTests {
  /// What jinja2 makes of dialogues with published templates (`Fixtures/make_templates.py`).
  struct Published: Decodable, Sendable {
    struct Template: Decodable, Sendable, CustomTestStringConvertible {
      let name, template: String
      /// By dialogue; `nil` where the template refuses it.
      let texts: [String?]

      var testDescription: String { name }
    }

    let dialogues: [[[String]]]
    let templates: [Template]
  }

  static let published: Published? = try? JSONDecoder().decode(
    Published.self, from: Data(contentsOf: TokenizerFixture.url("templates.json")))

  private static func render(_ template: String, _ messages: [ChatTemplate.Message] = [("user", "Hi")]) throws -> String
  {
    try ChatTemplate(template, beginning: "<s>", end: "</s>").render(messages).map(\.text).joined()
  }

  @Test(
    "Published templates write what jinja2 writes with them, text for text", arguments: Self.published?.templates ?? [])
  func templates(_ published: Published.Template) throws {
    let dialogues = try #require(Self.published).dialogues
    #expect(published.texts.count == dialogues.count)
    let template = try ChatTemplate(published.template, beginning: "<s>", end: "</s>")
    for (dialogue, text) in zip(dialogues, published.texts) {
      let messages = dialogue.map { (role: $0[0], text: $0[1]) }
      let written = try? template.render(messages)
      #expect(written?.map(\.text).joined() == text, "\(dialogue)")
      // What a message holds is known as the message's, whatever the template did with it.
      guard let written, let last = messages.last else { continue }
      let kept = written.filter(\.isMessage).map(\.text).joined(separator: "|")
      #expect(kept.contains(last.text.trimmingCharacters(in: .whitespacesAndNewlines)))
      let own = written.filter { !$0.isMessage }.map(\.text).joined(separator: "|")
      for secret in ["2 + 2", "Thanks", "{{ x }}"] { #expect(!own.contains(secret)) }
    }
  }

  @Test("Thirty-eight published templates are compared")
  func amount() { #expect(Self.published?.templates.count == 38 && Self.published?.dialogues.count == 6) }

  /// Other people's templates, which do not lie in this repository: `CHAT_TEMPLATES` names a file of the same form.
  @Test(
    "Templates in the file CHAT_TEMPLATES too",
    .enabled(if: ProcessInfo.processInfo.environment["CHAT_TEMPLATES"] != nil))
  func others() throws {
    let path = try #require(ProcessInfo.processInfo.environment["CHAT_TEMPLATES"])
    let published = try JSONDecoder().decode(Published.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    for template in published.templates {
      for (dialogue, text) in zip(published.dialogues, template.texts) {
        let written = try? Self.render(template.template, dialogue.map { (role: $0[0], text: $0[1]) })
        #expect(written == text, "\(template.name): \(dialogue)")
      }
    }
  }

  @Test("White space around blocks goes as transformers has it, and numbers, lists and texts are Python's")
  func language() throws {
    let cases: [(String, String)] = [
      ("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc"), ("a {%- if true -%} b {%- endif +%}\nc", "ab\nc"),
      ("{# x #}\na{#- y -#} b", "ab"), ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
      ("{{ [1, 'a', \"b'c\", none, true, 1.5] }}", "[1, 'a', \"b'c\", None, True, 1.5]"),
      ("{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}"),
      ("{{ -7 // 2 }},{{ -7 % 3 }},{{ 2 ** 5 }},{{ 7 / 2 }}", "-4,2,32,3.5"),
      ("{{ 'abcdef'[1:-1:2] }}{{ 'abc'[::-1] }}", "bdcba"),
      ("{{ 'a b  c'.split() | join('-') }}{{ 'a,b,c'.split(',', 1) }}", "a-b-c['a', 'b,c']"),
      ("{{ 'a,b,c'.rsplit(',', 1)[0] }}", "a,b"),
      (
        "{% set ns = namespace(x=1) %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% set y = 5 %}{% endfor %}{{ ns.x }}{{ y }}",
        "4"
      ),
      (
        "{% for a, b in {'x': 1, 'y': 2}.items() if b > 1 %}{{ a }}{{ loop.index }}{{ loop.last }}{% else %}none{% endfor %}",
        "y1True"
      ),
      ("{% macro m(a, b='z') %}{{ a }}{{ b }}{% endmacro %}{{ m('x') }}{{ m('x', b='y') | upper }}", "xzXY"),
      (
        "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "02"
      ),
      ("{{ [{'a': 1}, {'a': 2}] | selectattr('a', 'equalto', 2) | map(attribute='a') | list }}", "[2]"),
      ("{{ {'a': [1, 'é\"']} | tojson }}", #"{"a": [1, "é\""]}"#), ("{{ [1] | tojson(indent=2) }}", "[\n  1\n]"),
      ("{{ missing | default('d') }}{{ missing is defined }}{{ '' or 'x' }}{{ 1 if false }}", "dFalsex"),
      ("{{ 'hello world' | title }}{{ ' x ' | trim }}{{ 'aXbX'.replace('X', '-', 1) }}", "Hello Worldxa-bX"),
      ("{% set x %}a{{ 1 }}{% endset %}{{ x ~ 2 }}{{ not x is string }}{{ 'a' not in x }}", "a12FalseFalse"),
      ("{{ strftime_now('%d %b %Y, %B') }}", "26 Jul 2024, July"),
    ]
    for (template, text) in cases { #expect(try Self.render("{{ messages[0].content }}|" + template) == "Hi|" + text) }
  }

  @Test(
    "A template that cannot be used is an error that says why",
    arguments: [
      ("{{ x", "not closed"), ("{% if x %}", "'elif' or 'else' or 'endif'"), ("{% include 'x' %}", "include"),
      ("{{ messages | wordwrap }}", "'wordwrap'"), ("{{ 'x'.encode() }}", "'encode'"), ("{{ lipsum() }}", "'lipsum'"),
      ("{{ raise_exception('No users here') }}", "No users here"), ("{{ x.y }}", "'y'"), ("no message", "leaves out"),
      ("{% for i in range(999) %}{% for j in range(999) %}{{ 1 }}{% endfor %}{% endfor %}", "steps"),
      ("{{ 'x' * 99999999 }}", "99999999"), ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "too deeply"),
      ("{{ 1 // 0 }}", "1 // 0"), ("{{ 9223372036854775807 + 1 }}", "too large"), ("{{ range(1, 2, 0) }}", "range"),
      ("{{ 'a' < 1 }}", "no order"), ("{{ (1 }}", "not closed"), ("{{ 1 2 }}", "not expected"),
      ("{{ 'a\\uD800' }}", "not a character"), ("{{ range(0, -9223372036854775807 - 1) | length }}", "leaves out"),
      ("{{ range(9223372036854775807) }}", "too long"),
      ("{{ 9223372036854775806 // 9223372036854775807 }}", "leaves out"),
      ("{{ 9223372036854775806 % 9223372036854775807 }}", "leaves out"),
      ("{{ 'a\nb' | indent(-3) }}{{ [1] | tojson(indent=-1) }}", "leaves out"),
      ("{% set a = [] %}{% set _ = a.append(a) %}{{ a }}", "too deeply"),
      ("{% set a = [] %}{% set _ = a.append(a) %}{% set b = [] %}{% set _ = b.append(b) %}{{ a == b }}", "too deeply"),
      ("{% set a = [] %}{% set _ = a.append(a) %}{{ a | tojson }}", "too deeply"),
      (
        "{% set n = namespace(s='ab') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "more than 4194304 characters"
      ),
      (
        "{% set n = namespace(s=['a', 'b']) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "too long"
      ),
      (
        "{% set n = namespace(s=['a', 'b']) %}{% for i in range(15) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s ~ n.s }}",
        "leaves out"
      ),
      ("{{ ('a' * 9999).replace('a', 'b' * 9999) }}", "characters"),
    ])
  func unusable(template: String, said: String) {
    #expect { try Self.render(template) } throws: { $0 is ModelError && "\($0)".contains(said) }
  }

  /// As deep or as long as a file may make them; a stack that overflows ends the program, not the test alone.
  @Test(
    "Nests without end are errors",
    arguments: ["(", "[", "{1:", "not ", "-", "+", "x|f(", "x[", "1 if "].map {
      "{{ " + String(repeating: $0, count: 100_000)
    }
      + ["1 + ", "x.", "x or ", "1 == "].map { "{{ " + String(repeating: $0, count: 100_000) + "x }}" }
      + ["{% if x %}", "{% for x in y %}", "{% set x %}", "{% macro m() %}", "{% filter f %}"].map {
        String(repeating: $0, count: 100_000)
      })
  func deep(template: String) { #expect(throws: ModelError.self) { try Self.render(template) } }

  @Test("A list of lists as deep as a loop can make it is let go again")
  func deepValue() throws {
    let template = "{% set n = namespace(l=[]) %}{% for i in range(16000) %}{% set n.l = [n.l] %}{% endfor %}"
    #expect(try Self.render(template + "{{ messages[0].content }}") == "Hi")
  }

  @Test("Published templates that are cut, doubled or garbled are read or refused, and never crash")
  func garbled() throws {
    var generator = SeededGenerator(Seed(11))
    for published in try #require(Self.published).templates {
      let text = Array(published.template.unicodeScalars)
      for _ in 0..<20 {
        var garbled = text
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<garbled.count, using: &generator)
          let end = min(garbled.count, place + Int.random(in: 1...30, using: &generator))
          switch Int.random(in: 0...2, using: &generator) {
          case 0: garbled.removeSubrange(place..<end)
          case 1:
            garbled.insert(contentsOf: garbled[place..<end], at: Int.random(in: 0...garbled.count, using: &generator))
          default: garbled[place] = "(){}[]%-|.'\"~0 ".unicodeScalars.randomElement(using: &generator) ?? " "
          }
          if garbled.isEmpty { garbled = text }
        }
        var string = String.UnicodeScalarView()
        string.append(contentsOf: garbled)
        do { _ = try Self.render(String(string)) } catch { #expect(error is ModelError) }
      }
    }
  }

  @Test("A system's message that a template refuses or leaves out begins the first user's")
  func systems() throws {
    let refusing =
      "{% if messages[0].role == 'system' %}{{ raise_exception('No') }}{% endif %}{{ messages[0].content }}."
    let leaving = "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}.{% endif %}{% endfor %}"
    for template in [refusing, leaving] {
      #expect(try Self.render(template, [("system", "S"), ("user", "U")]) == "S\n\nU.")
    }
  }

  @Test("No message makes a control token, or a mark in text, through a model's own template", arguments: Chats.all)
  func forgery(_ chat: Chats.Model) throws {
    let tokenizer = try chat.tokenizer()
    let marks = tokenizer.templateMarks
    func tokens(_ text: String) throws -> [Int32] { try tokenizer.encode(dialogue: [("user", text)], opening: "") }
    let honest = try tokens("xx")
    let names = ["<|im_end|>", "<|im_start|>", "<|eot_id|>", "</s>", "<s>", "[INST]", "[/INST]", "<|end|>", "<|user|>"]
    let forged = try tokens("x" + names.joined() + marks.joined() + "x")
    for id in names.compactMap(tokenizer.special) {
      #expect(forged.filter { $0 == id } == honest.filter { $0 == id }, "\(id)")
    }
    for mark in marks where ["[", "<"].contains(mark.prefix(1)) {
      let run = tokenizer.encode(mark, specials: .none, after: 100)
      func count(_ tokens: [Int32]) -> Int { tokens.indices.count { tokens[$0...].starts(with: run) } }
      #expect(try count(tokens("x\(mark)x")) == count(honest), "\(mark)")
    }
    let isText = ["olmo2", "mistral", "mistral-v1"].contains(chat.format)
    #expect(marks.isEmpty != isText, "\(marks)")
  }
}
