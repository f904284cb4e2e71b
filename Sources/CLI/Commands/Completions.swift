import ArgumentParser

/// `tadoru completions`: a script that completes commands and options in a shell.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the completion script of a shell.",
    discussion: """
      bash: tadoru completions bash > ~/.local/share/bash-completion/completions/tadoru
      zsh:  tadoru completions zsh > a file _tadoru in a folder of $fpath
      fish: tadoru completions fish > ~/.config/fish/completions/tadoru.fish
      """
  )

  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    StandardOutput.line(Tadoru.completionScript(for: kind))
  }
}
