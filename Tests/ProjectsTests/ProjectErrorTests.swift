import Projects
import Testing

@Suite struct ProjectErrorTests {
  @Test func `an error reads as its sentence and what to do`() {
    let error = ProjectError(.unknown, "there is no project `x`", hint: "push it first")
    #expect("\(error)" == "there is no project `x` (push it first)")
  }
}
