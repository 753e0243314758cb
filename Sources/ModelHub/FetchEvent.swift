/// What a fetch tells while it works, in the order in which it happens.
package enum FetchEvent: Sendable, Equatable {
  /// Another process is fetching the same model; this one waits for it.
  case waiting
  /// How much there is to fetch, counting what an earlier, broken fetch has left.
  case planned(files: Int, bytes: Int64)
  /// The work on one file begins.
  case fetching(file: String)
  /// So many bytes of the whole model are here. Goes back when a file has to be begun again.
  case advanced(bytes: Int64)
  /// A transfer broke; it goes on after so many seconds.
  case retrying(file: String, because: String, seconds: Double)
  /// A checksum is being computed.
  case checking(file: String)
}
