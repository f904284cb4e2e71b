public import Storage

extension SecretVault {
  /// Opens the vault with the key of a file, which is made on first use.
  ///
  /// A change of the key that was cut off (``rotateKey(in:)``) is brought to its end.
  /// - Throws: ``AccessError`` `wrongKey`.
  public static func open(
    _ file: VaultKeyFile,
    database: SQLDatabase,
    clock: @escaping @Sendable () -> Int64,
    random: @escaping @Sendable (Int) -> [UInt8]
  ) throws -> SecretVault {
    func vault(_ key: VaultKey) throws -> SecretVault {
      try SecretVault(database: database, key: key, clock: clock, random: random)
    }
    let key = try file.keyMadeOnFirstUse(random: random)
    do { return try vault(key) } catch let error as AccessError where error.code == .wrongKey {
      guard let next = try file.next.existingKey() else { throw error }
      let opened = try vault(next)
      try file.replace(with: next)
      try file.next.remove()
      return opened
    }
  }

  /// Encrypts every value under a new key and puts that into the file; the vault of before is worth nothing then.
  ///
  /// The new key is in a file beside it (`.next`) before the first value needs it, so no moment of a
  /// power failure leaves values without their key.
  public func rotateKey(
    in file: VaultKeyFile,
    random: @escaping @Sendable (Int) -> [UInt8]
  ) throws -> SecretVault {
    let next = VaultKey(random: random)
    try file.next.replace(with: next)
    let vault = try rotated(to: next)
    try file.replace(with: next)
    try file.next.remove()
    return vault
  }
}

extension VaultKeyFile {
  fileprivate var next: VaultKeyFile { VaultKeyFile(path: path + ".next") }
}
