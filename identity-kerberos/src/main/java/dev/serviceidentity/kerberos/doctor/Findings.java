// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.IdentityException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was found so far; what is found after the end is not heard. Thread-safe. */
final class Findings {
  /** The end of the first sentence: not within quotes, where foreign words stand. */
  private static final Pattern FIRST_SENTENCE =
      Pattern.compile("((?:'[^']*'|[^'])*?)\\.\\s+(?=[A-Z])(.*)", Pattern.DOTALL);

  private final Consumer<Finding> progress;
  private final Queue<Finding> found = new ConcurrentLinkedQueue<>();
  private volatile boolean isOver;

  Findings(Consumer<Finding> progress) {
    this.progress = progress;
  }

  void ok(String subject, String detail) {
    add(new Finding(Severity.OK, subject, detail, ""));
  }

  void warning(String subject, String detail, String remedy) {
    add(new Finding(Severity.WARNING, subject, detail, remedy));
  }

  void failed(String subject, String detail, String remedy) {
    add(new Finding(Severity.FAILED, subject, detail, remedy));
  }

  /** A message, whose first sentence says what is wrong, and the others what to do. */
  void told(Severity severity, String subject, String message) {
    Matcher parts = FIRST_SENTENCE.matcher(message);
    add(
        parts.matches()
            ? new Finding(severity, subject, parts.group(1), parts.group(2))
            : new Finding(severity, subject, message, ""));
  }

  void failed(String subject, IdentityException trouble) {
    told(Severity.FAILED, subject, String.valueOf(trouble.getMessage()));
  }

  /** Ends the search. */
  SelfCheck end() {
    isOver = true;
    return new SelfCheck(List.copyOf(found));
  }

  private void add(Finding finding) {
    if (!isOver) {
      found.add(finding);
      progress.accept(finding);
    }
  }
}
