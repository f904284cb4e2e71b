/// Keys of the examples in Amazon's documentation; no account has them.
public enum AWSSecrets {
  public static let accessKeyID = "AKIDEXAMPLE"
  public static let secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  /// As secrets of a task.
  public static let ofTask = [
    "aws.s3.access_key_id": accessKeyID, "aws.s3.secret_access_key": secretAccessKey,
  ]
}
