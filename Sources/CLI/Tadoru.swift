import ArgumentParser

@main
struct Tadoru: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tadoru")
}
