import Server
import Testing

@Suite struct ServerErrorTests {
  @Test func `an error reads as its sentence and what to do`() {
    let error = ServerError(
      .notFound,
      "there is no attempt 7",
      hint: "`tadoru attempts` lists them"
    )
    #expect("\(error)" == "there is no attempt 7 (`tadoru attempts` lists them)")
  }
}
