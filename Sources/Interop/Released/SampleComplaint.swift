/// What is wrong with one sample of a file. The caller knows the file and the line.
struct SampleComplaint: Error, Hashable {
  var words: String

  init(_ words: String) { self.words = words }
}
