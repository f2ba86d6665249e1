// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import java.time.Duration;
import java.util.List;

/** What a doctor has found, asked for by subject. */
record Diagnosis(SelfCheck found) {
  /** So that a slow machine fails no test. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  static Diagnosis of(KerberosDoctor doctor) {
    return new Diagnosis(doctor.within(PATIENCE).examine());
  }

  /** Demands one finding of a severity whose subject begins so. */
  Finding the(Severity severity, String subject) {
    List<Finding> matches =
        found.findings().stream()
            .filter(one -> one.severity() == severity && one.subject().startsWith(subject))
            .toList();
    assertThat(matches).as(found.render()).hasSize(1);
    return matches.get(0);
  }

  Diagnosis fails(String subject, String detail, String remedy) {
    return says(Severity.FAILED, subject, detail, remedy);
  }

  Diagnosis warns(String subject, String detail, String remedy) {
    return says(Severity.WARNING, subject, detail, remedy);
  }

  Diagnosis isFine(String subject, String detail) {
    assertThat(the(Severity.OK, subject).detail()).as(found.render()).contains(detail);
    return this;
  }

  Diagnosis saysNothingOf(String subject) {
    assertThat(found.findings())
        .as(found.render())
        .noneMatch(one -> one.subject().startsWith(subject));
    return this;
  }

  private Diagnosis says(Severity severity, String subject, String detail, String remedy) {
    Finding finding = the(severity, subject);
    assertThat(finding.detail()).as(found.render()).contains(detail);
    assertThat(finding.remedy()).as(found.render()).contains(remedy).isNotBlank();
    return this;
  }
}
