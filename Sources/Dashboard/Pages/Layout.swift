import Reporting

/// The frame of every page.
struct Layout {
  var title: String
  /// The way to the page: texts with addresses.
  var crumbs: [(text: String, address: String)] = []
  /// Links to related pages.
  var links: [Markup] = []
  var style = ""
  /// Whether no page is above this one.
  var isRoot = false
  var main: Markup

  var markup: Markup {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
    <title>\(title) · Subterfuge</title><link rel="stylesheet" href="/assets/style.css">
    <script src="/assets/dashboard.js" defer></script></head>
    <body class="dashboard\(style.isEmpty ? "" : " page-\(style)" as Markup)"><a class="skip" href="#main">Skip to the content</a>
    <header class="top">\(trail)
    <h1>\(title)</h1>\(linkBar)</header>
    <main id="main" tabindex="-1">\(main)</main>
    <footer>Made by Subterfuge. Press <kbd>?</kbd> for the keys.</footer>
    </body></html>
    """
  }

  private var trail: Markup {
    if isRoot { return "" }
    let links = ([(text: "Runs", address: "/")] + crumbs).map { "<a href=\"\($0.address)\">\($0.text)</a>" as Markup }
    return "<nav class=\"crumbs\" aria-label=\"Where you are\">\(Markup(joining: links))</nav>"
  }

  private var linkBar: Markup {
    links.isEmpty ? "" : "<nav class=\"links\" aria-label=\"Related pages\">\(Markup(joining: links))</nav>"
  }
}

extension Layout {
  /// A part of a page that the script replaces when it changes.
  static func live(_ id: String, seconds: Int, _ body: Markup) -> Markup {
    "<div id=\"\(id)\" data-live=\"\(seconds)\">\(body)</div>"
  }
}

extension RunView {
  /// The link back to the run's page.
  var crumb: (text: String, address: String) { (name, address) }
}

/// A page that says what went wrong.
struct ErrorPage {
  var status: Int
  var text: String

  var reply: Reply {
    let title = status == 404 ? "Not found" : status == 500 ? "This cannot be shown" : "Not possible"
    return .page(
      Layout(title: title, main: "<p class=\"problem\" role=\"alert\">\(text)</p><p><a href=\"/\">All runs</a></p>")
        .markup,
      status: status)
  }
}
