// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole identities that call services of other realms, between MIT's KDCs. */
class CrossRealmInteropTest {
  private static final String CAPATHS =
      """
      [capaths]
      HOME.EXAMPLE = {
        FAR.EXAMPLE = MIDDLE.EXAMPLE
      }
      """;

  @TempDir Path directory;

  @Test
  void theKdcRefersToTheRealmOfTheService() throws Exception {
    try (var home = realm("HOME.EXAMPLE", ".far = FAR.EXAMPLE");
        var far = realm("FAR.EXAMPLE", "")) {
      home.enter(far);
      KerberosConfig config =
          KerberosConfig.builder()
              .kdc("HOME.EXAMPLE", home.address())
              .kdc("FAR.EXAMPLE", far.address())
              .kdcTimeout(MitRealm.PATIENCE)
              .build();
      called(home, far, config, Target.of(URI.create("http://stock.far")));
    }
  }

  @Test
  void theWayOverARealmBetweenIsWalkedAndAcceptedByTheKdcThatKnowsIt() throws Exception {
    try (var home = realm("HOME.EXAMPLE", "");
        var middle = realm("MIDDLE.EXAMPLE", "");
        var far = realm("FAR.EXAMPLE", CAPATHS)) {
      home.enter(middle);
      middle.enter(far);
      KerberosConfig config =
          KerberosConfig.builder()
              .kdc("HOME.EXAMPLE", home.address())
              .kdc("MIDDLE.EXAMPLE", middle.address())
              .kdc("FAR.EXAMPLE", far.address())
              .path("HOME.EXAMPLE", "FAR.EXAMPLE", "MIDDLE.EXAMPLE")
              .kdcTimeout(MitRealm.PATIENCE)
              .build();
      Target stock =
          Target.of(URI.create("http://stock.far")).servicePrincipal("HTTP/stock.far@FAR.EXAMPLE");
      called(home, far, config, stock);
      assertThat(middle.log()).contains("TGS_REQ").contains("krbtgt/FAR.EXAMPLE@MIDDLE.EXAMPLE");
    }
  }

  private void called(MitRealm home, MitRealm far, KerberosConfig config, Target stock)
      throws Exception {
    Path keys = far.principal("HTTP/stock.far");
    Path own = home.principal("batch", "+requires_preauth");
    try (var service =
            far.builder("HTTP/stock.far", keys).acceptOnly().trustRealms("HOME.EXAMPLE").open();
        var batch = home.builder("batch", own).config(config).open()) {
      RequestCredentials mine = batch.credentialsFor(stock);
      var seen = service.callers().verify(TestRealms.evidence(mine));
      assertThat(seen.orElseThrow().principal()).hasToString("kerberos:batch@HOME.EXAMPLE");
      assertThat(mine.verifyReply(200, HeldTicket.fields(seen))).isInstanceOf(Reply.Complete.class);
    }
  }

  private MitRealm realm(String name, String more) throws Exception {
    return MitRealm.named(name, directory.resolve(name), more);
  }
}
