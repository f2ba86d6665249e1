// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** The KDC and the certificate authority of the shop, and the folder they write credentials to. */
public final class Authorities implements AutoCloseable {
  private static final Duration CERTIFICATE_LIFE = Duration.ofHours(1);

  private final EmbeddedKdc kdc;
  private final DevelopmentCa ca;
  private final Path folder;

  private Authorities(EmbeddedKdc kdc, DevelopmentCa ca, Path folder) {
    this.kdc = kdc;
    this.ca = ca;
    this.folder = folder;
  }

  static Authorities start(Path folder) throws IOException {
    var authorities =
        new Authorities(
            EmbeddedKdc.start(Member.REALM),
            DevelopmentCa.create(Member.TRUST_DOMAIN, Clock.systemUTC()),
            folder);
    Files.copy(authorities.kdc.krb5Conf(), authorities.krb5Conf());
    return authorities;
  }

  DevelopmentCa ca() {
    return ca;
  }

  /** Where the shop's KDC is. */
  KerberosConfig realm() {
    return KerberosConfig.builder()
        .kdc(kdc.realm(), "127.0.0.1:" + kdc.address().getPort())
        .build();
  }

  /** The same for programs that are not ours. */
  public Path krb5Conf() {
    return folder.resolve("krb5.conf");
  }

  /** A service's keytab. */
  public Path keytab(Member member) {
    return folder.resolve(member + ".keytab");
  }

  /** The directory with a service's certificate. */
  public Path certificates(Member member) {
    return folder.resolve(member + "-tls");
  }

  /** Gives a service a name in the realm, and its keytab. */
  public void issueKeytab(Member member) {
    kdc.principal(member.kerberosPrincipal());
    kdc.keytab(keytab(member), member.kerberosPrincipal());
  }

  /** Writes a new certificate where the service's directory is, as a Secret would be updated. */
  void issueCertificate(Member member) {
    ca.issue(
            LeafTemplate.spiffe(member.spiffeId())
                .dns(member.hostName())
                .ip(member.address().getHostAddress())
                .lifetime(CERTIFICATE_LIFE))
        .writeTo(certificates(member));
  }

  @Override
  public void close() {
    kdc.close();
  }
}
