// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.network.FindingListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears. */
final class HeardFindings implements FindingListener {
  private final List<Finding> findings = new ArrayList<>();

  @Override
  public void fine(String subject, String detail) {
    findings.add(new Finding(Severity.OK, subject, detail, ""));
  }

  @Override
  public void doubtful(String subject, String detail, String remedy) {
    findings.add(new Finding(Severity.WARNING, subject, detail, remedy));
  }

  @Override
  public void broken(String subject, String detail, String remedy) {
    findings.add(new Finding(Severity.FAILED, subject, detail, remedy));
  }

  List<Finding> findings() {
    return findings;
  }
}
