/// A number in a text, in digits or in words: `1200`, `2k`, "twelve hundred and fifty", "an hour".
struct Quantity: Hashable {
  let value: Double
  /// Where its words stand.
  let range: Range<Int>
  /// The unit that is written with it: `2h`.
  var suffix: String?
  let isPercent: Bool

  /// The numbers in words, in order. Negative numbers, years after a month and digits in file names are skipped.
  static func all(in words: [String]) -> [Quantity] {
    var found: [Quantity] = []
    var index = 0
    while index < words.count {
      guard let quantity = read(words, from: index) else {
        index += 1
        continue
      }
      found.append(quantity)
      index = quantity.range.upperBound
    }
    return found.filter { !isDate($0, words) }
  }

  private static func read(_ words: [String], from start: Int) -> Quantity? {
    func made(_ value: Double, _ end: Int, _ suffix: String? = nil) -> Quantity {
      let isPercent = end < words.count && ["percent", "per"].contains(words[end])
      return Quantity(value: value, range: start..<end, suffix: suffix, isPercent: isPercent)
    }
    if let (value, suffix) = digits(words[start]) {
      let scale = start + 1 < words.count ? ReaderWords.scales[words[start + 1]] : nil
      return scale.map { made(value * Double($0), start + 2) } ?? made(value, start + 1, suffix)
    }
    return spelled(words, from: start).map { made(Double($0.value), $0.end) }
  }

  /// `1200`, `2.5`, `2k`, `45min`, `2:13`.
  private static func digits(_ word: String) -> (value: Double, suffix: String?)? {
    // Swift parses the regular expression again each time it is used, and most words are not numbers.
    guard word.utf8.first.map((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ?? false,
      let match = word.wholeMatch(of: /(\d{1,15}(?:\.\d{1,6})?)(?::(\d\d))?(?::\d\d)?([a-z]{0,7})/),
      let value = Double(match.output.1)
    else { return nil }
    let suffix = String(match.output.3)
    if match.output.2 != nil { return suffix.isEmpty ? (value, "minutes") : nil }
    switch suffix {
    case "": return (value, nil)
    case "k": return (value * 1000, nil)
    case "m" where value >= 1_000_000: return nil
    case "th", "st", "nd", "rd": return (value, nil)
    default: return ReaderWords.timeUnits.contains(suffix) ? (value, suffix) : nil
    }
  }

  /// "three hundred and five", "twelve hundred", "a dozen".
  private static func spelled(_ words: [String], from start: Int) -> (value: Int, end: Int)? {
    var (total, part, index) = (0, 0, start)
    var hasNumber = false
    while index < words.count {
      let word = words[index]
      let next = index + 1 < words.count ? words[index + 1] : ""
      if let scale = ReaderWords.scales[word] {
        guard hasNumber || ReaderWords.scalesAlone.contains(word) else { return nil }
        if scale == 100 || scale == 12 {
          part = max(part, 1) * scale
        } else {
          (total, part) = (total + max(part, 1) * scale, 0)
        }
        hasNumber = true
      } else if let number = units(word) {
        part += number
        hasNumber = true
      } else if ["a", "an", "one"].contains(word), !hasNumber,
        ReaderWords.scales[next] != nil || isTime(next) || word == "one"
      {
        if word == "one", next.isEmpty || !(ReaderWords.scales[next] != nil || next == "episode" || isTime(next)) {
          return nil
        }
        part += 1
        hasNumber = true
      } else if word == "and", hasNumber, part + total >= 100, units(next) != nil || next == "one" {
      } else {
        break
      }
      index += 1
    }
    return hasNumber ? (total + part, index) : nil
  }

  private static func isTime(_ word: String) -> Bool { ReaderWords.timeUnits.contains(word) }

  private static func units(_ word: String) -> Int? {
    let parts = word.split(separator: "-").map { ReaderWords.numbers[String($0)] }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    return parts.compactMap { $0 }.reduce(0, +)
  }

  /// "12 March", "March 12, 2024".
  private static func isDate(_ quantity: Quantity, _ words: [String]) -> Bool {
    let around = [quantity.range.lowerBound - 2, quantity.range.lowerBound - 1, quantity.range.upperBound]
    return around.contains { words.indices.contains($0) && ReaderWords.months.contains(words[$0]) }
  }
}
