import Digests
import Foundation
import Testing

/// Against the published examples of each function.
@Suite struct DigestTests {
  /// FIPS 180-2, appendix B, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func sha256(_ message: String, _ expected: String) {
    #expect(Digest.hexadecimal(Digest.sha256(Data(message.utf8))) == expected)
    let piecewise = Digest()
    for byte in message.utf8 { piecewise.update([byte]) }
    #expect(Digest.hexadecimal(piecewise.finish()) == expected)
  }

  /// `printf 'hello\n' | git hash-object --stdin`
  @Test func sha1NamesAFileAsGitDoes() {
    let digest = Digest(.sha1)
    digest.update(Data("blob 6\0hello\n".utf8))
    #expect(Digest.hexadecimal(digest.finish()) == "ce013625030ba8dba906f756967f9e9ca394464a")
  }

  /// RFC 4231, test cases 2 and 6 (a key longer than a block).
  @Test func keyedHash() {
    let short = Digest.authenticationCode(of: Data("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    #expect(
      Digest.hexadecimal(short) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = Digest.authenticationCode(
      of: Data("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: Array(repeating: 0xaa, count: 131))
    #expect(Digest.hexadecimal(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
