package import Foundation
internal import ModelFiles

/// A file of named arrays with string metadata, in the safetensors format.
///
/// The file is untrusted: the header is checked wholly (sizes, types, offsets that neither overlap nor leave gaps)
/// before anything is copied. Writing is deterministic, so equal contents have equal digests. Replacing a file atomically
/// is the caller's business.
package struct Safetensors {
  /// The arrays; after reading, in the order of their bytes.
  package var arrays: Parameters
  /// Free text by name.
  package var metadata: [String: String]

  /// A file to be written.
  package init(arrays: Parameters, metadata: [String: String] = [:]) {
    self.arrays = arrays
    self.metadata = metadata
  }

  /// Reads a file. Throws an `MLXError` that names it when it is not a valid one.
  package init(contentsOf url: URL) throws {
    let data: Data
    do { data = try Data(contentsOf: url, options: .mappedIfSafe) } catch {
      throw MLXError("Cannot read '\(url.path)': \(error.localizedDescription)")
    }
    do { try self.init(data: data) } catch let error as MLXError {
      throw MLXError("'\(url.path)' is not a valid safetensors file: \(error.description)")
    }
  }

  /// Reads the bytes of a file.
  package init(data: Data) throws {
    let header: SafetensorsHeader
    do { header = try SafetensorsHeader(data) } catch { throw MLXError("\(error)") }
    metadata = header.metadata
    arrays = Parameters()
    for entry in header.entries {
      guard let dtype = DType(safetensors: entry.type) else {
        throw MLXError("the element type '\(entry.type)' is not supported.")
      }
      arrays[entry.name] = try data.withUnsafeBytes { bytes in
        try MLXArray(buffer: UnsafeRawBufferPointer(rebasing: bytes[entry.bytes]), shape: entry.shape, dtype: dtype)
      }
    }
  }

  /// The bytes of the file.
  package func encoded() throws -> Data {
    var header: [String: SafetensorsValue] = [:]
    if !metadata.isEmpty { header["__metadata__"] = .metadata(metadata) }
    var body = Data()
    for (name, array) in arrays.pairs {
      guard name != "__metadata__" else { throw MLXError("An array cannot be named '__metadata__'.") }
      let bytes = try array.asData()
      header[name] = .array(dtype: array.dtype, shape: array.shape, offsets: body.count..<body.count + bytes.count)
      body.append(contentsOf: bytes)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header)
    json.append(contentsOf: Array(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var file = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    file.append(json)
    file.append(body)
    return file
  }

  /// Writes the file in place.
  package func write(to url: URL) throws {
    let data = try encoded()
    do { try data.write(to: url) } catch {
      throw MLXError("Cannot write '\(url.path)': \(error.localizedDescription)")
    }
  }
}
