import Foundation
import PackagePlugin

/// Writes the commit of the checkout into a source file before every build, so that each run can name the code that made it.
@main struct RecordCommit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
    let root = context.package.directoryURL
    return [
      .prebuildCommand(
        displayName: "Record the commit", executable: URL(filePath: "/bin/sh"),
        arguments: [
          root.appending(path: "Scripts/record_commit.sh").path, root.path, context.pluginWorkDirectoryURL.path,
        ],
        outputFilesDirectory: context.pluginWorkDirectoryURL)
    ]
  }
}
