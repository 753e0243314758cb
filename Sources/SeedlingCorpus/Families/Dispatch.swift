extension DocumentFamily {
  /// One dialogue of the family.
  func dialogue(_ draw: inout Draw) -> Dialogue {
    switch self {
    case .copying: .copying(&draw)
    case .shell: .shell(&draw)
    case .steps: .steps(&draw)
    case .question: .question(&draw)
    case .description: .description(&draw)
    case .edit: .edit(&draw)
    case .opinion: .opinion(&draw)
    case .guess: .guess(&draw)
    case .rating: .rating(&draw)
    case .contest: .contest(&draw)
    case .checklist: .checklist(&draw)
    case .status: .status(&draw)
    case .statement: .statement(&draw)
    case .chat: .chat(&draw)
    }
  }
}
