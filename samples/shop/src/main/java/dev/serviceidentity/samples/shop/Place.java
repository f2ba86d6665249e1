// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import java.nio.file.Path;

/**
 * Where a service runs: what its pod would give to it.
 *
 * @param member which service it is
 * @param authorities whose credentials it has
 * @param manifests the cluster that it sees, and its port
 * @param events keeps what it records
 * @param log hears of the same
 */
public record Place(
    Member member,
    Authorities authorities,
    Manifests manifests,
    InMemorySink events,
    AuditSink log) {
  /** The directory with its certificate. */
  public Path certificates() {
    return authorities.certificates(member);
  }

  /** Where its keytab is, if it has one. */
  public Path keytab() {
    return authorities.keytab(member);
  }

  /** Both that keep and that hear of what it records. */
  public AuditSink audit() {
    return events.and(log);
  }
}
