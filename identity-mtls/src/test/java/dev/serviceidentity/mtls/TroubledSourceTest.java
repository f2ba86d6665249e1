// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that gives what can be used and says that not all of it is new. */
class TroubledSourceTest {
  private static final IdentityException TROUBLE =
      new IdentityException(Code.REFUSED, "the bundle of partner.example is no good; mend it");

  @TempDir Path directory;
  private final AtomicReference<Credential> held = new AtomicReference<>();
  private final AtomicReference<IdentityException> trouble = new AtomicReference<>();
  private World world;

  @BeforeEach
  void open() {
    world = new World(directory);
    renew();
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void troubleAtOpeningShowsInHealthUntilItIsOver() {
    trouble.set(TROUBLE);
    MtlsIdentity web = world.open(context -> new Held());

    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).isEqualTo(TROUBLE.getMessage());

    trouble.set(null);
    web.refresh();
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void whatIsNewIsInUseThoughTheRestIsNot() {
    MtlsIdentity web = world.open(context -> new Held());
    trouble.set(TROUBLE);
    renew();

    assertThatThrownBy(web::refresh).isSameAs(TROUBLE);

    assertThat(web.current().generation()).isEqualTo(2);
    assertThat(web.health().detail()).isEqualTo(TROUBLE.getMessage());
  }

  @Test
  void aSpiffeIdIsReadOrRefusedWithItsRule() {
    SpiffeId id = SpiffeId.parse(World.WEB);

    assertThat(id.trustDomain()).isEqualTo("shop.example");
    assertThat(id.path()).isEqualTo("/ns/shop/sa/web");
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://Shop\n/a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'spiffe://Shop\\u000a/a' is no SPIFFE ID (ID_TRUST_DOMAIN)");
  }

  private void renew() {
    IssuedCertificate issued = world.ca.issue(World.template(World.WEB));
    held.set(
        Credential.of(
            issued.chain(),
            issued.privateKey(),
            List.of(TrustBundle.of("shop.example", issued.authorities()))));
  }

  private final class Held implements CertificateSource {
    @Override
    public Origin origin() {
      return new Origin("certificate", "key", "authorities");
    }

    @Override
    public Credential read() {
      return held.get();
    }

    @Override
    public Optional<IdentityException> trouble() {
      return Optional.ofNullable(trouble.get());
    }
  }
}
