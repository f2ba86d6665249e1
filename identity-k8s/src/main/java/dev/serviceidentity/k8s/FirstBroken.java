// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.network.FindingListener;
import org.jspecify.annotations.Nullable;

/** Remembers the first thing that does not work, and passes all on if somebody else listens. */
final class FirstBroken implements FindingListener {
  private final @Nullable FindingListener other;
  private String first = "";

  FirstBroken() {
    this.other = null;
  }

  FirstBroken(FindingListener other) {
    this.other = other;
  }

  @Override
  public void fine(String subject, String detail) {
    if (other != null) {
      other.fine(subject, detail);
    }
  }

  @Override
  public void doubtful(String subject, String detail, String remedy) {
    if (other != null) {
      other.doubtful(subject, detail, remedy);
    }
  }

  @Override
  public void broken(String subject, String detail, String remedy) {
    if (first.isEmpty()) {
      first = subject + ": " + detail;
    }
    if (other != null) {
      other.broken(subject, detail, remedy);
    }
  }

  /** Empty if all works. */
  String first() {
    return first;
  }
}
