import Foundation
import NIOHTTP1
import Testing

@testable import ModelHub

/// Networks that are left through a proxy.
struct ProxyTests {
  private let place = "http://models.invalid"

  /// A proxy that refuses every connection.
  private func proxy() async throws -> HubServer { try await HubServer { _ in .init(status: .forbidden) } }

  @Test func theProxyOfTheEnvironmentIsAskedForTheConnection() async throws {
    let proxy = try await proxy()
    let address = proxy.endpoint.replacingOccurrences(of: "//", with: "//ann:se%20cret@")
    let message = await complaint {
      try await Scratch().fetch(
        from: proxy, token: "hidden", attempts: 1, environment: ["HF_ENDPOINT": place, "http_proxy": address])
    }
    #expect(message.contains("cannot be fetched from http://models.invalid"))
    #expect(proxy.requests.map(\.path) == ["models.invalid:80"])
    // echo -n 'ann:se cret' | base64
    #expect(proxy.requests.first?.headers.first(name: "Proxy-Authorization") == "Basic YW5uOnNlIGNyZXQ=")
    #expect(proxy.requests.first?.token == nil)
  }

  @Test(arguments: ["models.invalid", "a.org, .invalid", "*"])
  func exceptionsAreReachedDirectly(_ list: String) async throws {
    let proxy = try await proxy()
    let message = await complaint {
      try await Scratch().fetch(
        from: proxy, attempts: 1,
        environment: ["HF_ENDPOINT": place, "ALL_PROXY": proxy.endpoint, "NO_PROXY": list])
    }
    #expect(message.contains("cannot be fetched from http://models.invalid"))
    #expect(proxy.requests.isEmpty)
  }

  @Test func thisMachineIsReachedDirectly() async throws {
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    try await Scratch().fetch(from: server, environment: ["http_proxy": "http://127.0.0.1:1"])
  }

  @Test(arguments: ["socks5://localhost:1", "http://"])
  func otherProxiesAreRefused(_ address: String) async throws {
    let server = try await HubServer { _ in .init() }
    let message = await complaint {
      try await Scratch().fetch(from: server, environment: ["HF_ENDPOINT": place, "all_proxy": address])
    }
    #expect(message.contains("all_proxy is '\(address)'"))
  }
}
