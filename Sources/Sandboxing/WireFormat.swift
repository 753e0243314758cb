/// The messages between `WorkerProcess` and the server; `server.h` has the other half. Integers are native-endian.
enum WireFormat {
  static let responseHeaderBytes = 32

  /// What the server is asked to run.
  struct Request {
    enum Kind: UInt32 {
      case command = 1
      case python = 2
    }

    var kind: Kind
    var arguments: [String]
    var tree: FileTree
    var directory: BoxPath
    var wantsTree: Bool
  }

  static func encode(_ request: Request, limits: Sandbox.Limits) -> [UInt8] {
    var arguments: [UInt8] = []
    for argument in request.arguments { arguments += Array(argument.utf8) + [0] }
    let directory = request.directory.bytes
    var message = MessageWriter()
    message.append(request.kind.rawValue)
    message.append(UInt32(request.wantsTree ? 1 : 0))
    for bytes in [limits.memoryBytes, limits.fileBytes, limits.treeBytes] { message.append(UInt64(bytes)) }
    for count in [limits.treeEntries, limits.outputBytes, limits.processes] { message.append(UInt32(count)) }
    message.append(UInt32(limits.wallSeconds * 1000))
    message.append(UInt32(directory.count))
    message.append(UInt32(request.arguments.count))
    message.append(UInt64(arguments.count))
    message.append(UInt64(request.tree.encoded.count))
    return message.bytes + directory + arguments + request.tree.encoded
  }

  /// The fixed part of a response, which says how long the rest is.
  struct ResponseHeader {
    struct Flags: OptionSet {
      let rawValue: UInt32
      static let timedOut = Flags(rawValue: 1)
      static let truncated = Flags(rawValue: 2)
      static let killed = Flags(rawValue: 4)
      static let treeRefused = Flags(rawValue: 8)
      static let boxLost = Flags(rawValue: 16)
      static let treeUnreadable = Flags(rawValue: 32)
      static let leftOut = Flags(rawValue: 64)
    }

    let status: Int32
    let flags: Flags
    let outputLength, errorLength, directoryLength, treeLength: Int
    let milliseconds: Int

    init(_ bytes: [UInt8]) {
      var reader = MessageReader(bytes)
      status = Int32(bitPattern: reader.uint32())
      flags = Flags(rawValue: reader.uint32())
      outputLength = Int(reader.uint32())
      errorLength = Int(reader.uint32())
      directoryLength = Int(reader.uint32())
      milliseconds = Int(reader.uint32())
      treeLength = Int(reader.uint64())
    }

    var bodyLength: Int { outputLength + errorLength + directoryLength + treeLength }
  }

  /// A whole response; `tree` is empty when none was asked for or none could be had.
  struct Response {
    let result: CommandResult
    let directory: BoxPath
    let tree: FileTree
    let flags: ResponseHeader.Flags

    init(_ header: ResponseHeader, body: [UInt8]) {
      var reader = MessageReader(body)
      result = CommandResult(
        standardOutput: reader.bytes(header.outputLength), standardError: reader.bytes(header.errorLength),
        status: header.status, timedOut: header.flags.contains(.timedOut),
        outputTruncated: header.flags.contains(.truncated), killed: header.flags.contains(.killed),
        boxLost: header.flags.contains(.boxLost), milliseconds: header.milliseconds)
      directory = BoxPath(reader.bytes(header.directoryLength))
      tree = FileTree(checked: FileTree.decode(reader.bytes(header.treeLength)))
      flags = header.flags
    }
  }
}

extension FileTree {
  private enum Kind: UInt32 {
    case file = 0
    case directory, link, sparse
  }

  static func encode(_ entries: [TreePath: Entry]) -> [UInt8] {
    var message = MessageWriter()
    for (path, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let (kind, mode, length, blocks): (Kind, UInt16, UInt64, Int) =
        switch entry {
        case .file(let bytes, let mode): (.file, mode, UInt64(bytes.count), 0)
        case .directory(let mode): (.directory, mode, 0, 0)
        case .link(let target): (.link, 0o777, UInt64(target.count), 0)
        case .sparse(let content, let mode): (.sparse, mode, content.size, content.blocks.count)
        }
      for field in [kind.rawValue, UInt32(mode), UInt32(path.bytes.count), UInt32(blocks)] { message.append(field) }
      message.append(length)
      message.append(path.bytes)
      switch entry {
      case .file(let bytes, _), .link(let bytes): message.append(bytes)
      case .sparse(let content, _):
        for block in content.blocks {
          message.append(block.number)
          message.append(block.bytes)
        }
      case .directory: break
      }
    }
    return message.bytes
  }

  /// The entries in bytes that the server made; it is trusted.
  static func decode(_ bytes: [UInt8]) -> [TreePath: Entry] {
    var entries: [TreePath: Entry] = [:]
    var reader = MessageReader(bytes)
    while !reader.isAtEnd {
      let kind = Kind(rawValue: reader.uint32())
      let mode = UInt16(truncatingIfNeeded: reader.uint32())
      let pathLength = Int(reader.uint32())
      let blocks = Int(reader.uint32())
      let length = reader.uint64()
      let path = TreePath(unchecked: reader.bytes(pathLength))
      entries[path] =
        switch kind {
        case .file: .file(reader.bytes(Int(length)), mode: mode)
        case .directory: .directory(mode: mode)
        case .link: .link(target: reader.bytes(Int(length)))
        case .sparse:
          .sparse(
            SparseContent(
              size: length,
              blocks: (0..<blocks).map { _ in
                .init(number: reader.uint64(), bytes: reader.bytes(SparseContent.blockBytes))
              }), mode: mode)
        case nil: preconditionFailure("the server sent an entry of an unknown kind")
        }
    }
    return entries
  }
}

/// Appends integers and bytes to a message.
private struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
  mutating func append(_ more: [UInt8]) { bytes += more }
}

/// Takes integers and bytes from the front of a message.
private struct MessageReader {
  private let message: [UInt8]
  private var position = 0

  init(_ message: [UInt8]) { self.message = message }

  var isAtEnd: Bool { position == message.count }

  mutating func uint32() -> UInt32 { integer() }
  mutating func uint64() -> UInt64 { integer() }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { position += count }
    return Array(message[position..<position + count])
  }

  private mutating func integer<Integer: FixedWidthInteger>() -> Integer {
    defer { position += MemoryLayout<Integer>.size }
    return message.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Integer.self) }
  }
}
