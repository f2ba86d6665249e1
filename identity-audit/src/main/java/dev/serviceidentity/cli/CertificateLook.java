// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import java.nio.file.Path;
import java.util.List;

/** Opens the certificates of a directory as a service would, and says what came of it. */
record CertificateLook(Path directory, List<String> trustDomains) {
  private static final String SUBJECT = "certificates";

  List<Finding> findings() {
    try (MtlsIdentity identity = builder().open()) {
      IdentitySnapshot own = identity.current();
      Health.Part part = identity.health();
      Severity severity =
          switch (part.status()) {
            case UP -> Severity.OK;
            case DEGRADED -> Severity.WARNING;
            case DOWN -> Severity.FAILED;
          };
      return List.of(
          new Finding(
              Severity.OK, own.principal().toString(), "valid until " + own.expiresAt(), ""),
          new Finding(severity, SUBJECT, part.detail(), ""));
    } catch (IdentityException | IllegalArgumentException e) {
      return List.of(
          new Finding(
              Severity.FAILED,
              SUBJECT,
              String.valueOf(e.getMessage()),
              "See docs/mtls.md for what the directory holds."));
    }
  }

  /** Without a trust domain, certificates are plain ones of host names. */
  private MtlsIdentityBuilder builder() {
    MtlsIdentityBuilder builder = MtlsIdentity.builder().pemDirectory(directory);
    return trustDomains.isEmpty() ? builder.dnsNames() : builder.trustDomain(trustDomains.get(0));
  }
}
