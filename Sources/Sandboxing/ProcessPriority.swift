internal import CSandbox
internal import Glibc

/// The priority that a person gave the process with `nice`.
package enum ProcessPriority {
  /// Keeps a lowered priority for every thread and every sandbox. Dispatch sets the priority of its threads anew, which root may
  /// raise: a run under `nice -n 19` would take the processor from everything else.
  ///
  /// Call it before the first thread is started. Without effect on a process that was not lowered.
  package static func keep() {
    // Where the system refuses, the process runs as it would without this.
    if getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) > 0 { _ = csandbox_give_up_raising_priority() }
  }
}
