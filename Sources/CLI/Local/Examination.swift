import Foundation
import Notebooks
import SQLWarehouse
import Storage
import Values

/// Looks at every dependency of the product on this machine.
struct Examination {
  let home: Home

  func findings() async -> [Finding] {
    []
  }
}
