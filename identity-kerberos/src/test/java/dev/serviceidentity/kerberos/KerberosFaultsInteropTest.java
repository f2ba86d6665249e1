// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.TestClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link KerberosFaultsTest} shows, with MIT's KDC: killed, stopped, and administered. */
@Timeout(180)
class KerberosFaultsInteropTest {
  private static final String NOT_THERE =
      ". Check that a KDC runs there and listens on TCP, and the network policies towards it.";

  /** Longer than what is waited for at most until it is tried again. */
  private static final Duration PATIENCE = Duration.ofSeconds(61);

  @TempDir Path directory;
  private final TestClock clock = TestClock.at(Clock.systemUTC());
  private final BriskRuntime brisk = new BriskRuntime(clock);
  private MitRealm realm;
  private Path keytab;
  private WatchedIdentity web;

  @BeforeEach
  void start() throws Exception {
    realm = MitRealm.in(directory);
    realm.principal("HTTP/stock.test");
    keytab = realm.principal("web", "+requires_preauth");
    web =
        WatchedIdentity.of(
            realm.builder("web", keytab).open(brisk.runtime()),
            clock,
            Target.of(URI.create("http://stock.test")));
  }

  @AfterEach
  void stop() {
    if (web != null) {
      web.close();
    }
    brisk.close();
    if (realm != null) {
      realm.close();
    }
  }

  @Test
  void aKdcThatIsKilledAndStartsAgain() throws Exception {
    realm.kill();
    degrades("no KDC of MIT.EXAMPLE answers: " + realm.address() + " refused the connection");
    realm.restart();
    web.recoversAfter(PATIENCE);
  }

  @Test
  void aKdcThatIsStoppedAndGoesOn() throws Exception {
    realm.signal("STOP");
    degrades("no KDC of MIT.EXAMPLE answers: " + realm.address() + " did not answer within 10 s");
    realm.signal("CONT");
    web.recoversAfter(PATIENCE);
  }

  @Test
  void aPrincipalThatIsDisabledAndReleased() throws Exception {
    realm.modify("web", "-allow_tix");
    web.becomesDue();
    web.tells(
        "The login of web@MIT.EXAMPLE failed: the KDC of MIT.EXAMPLE at "
            + realm.address()
            + " says KDC_ERR_CLIENT_REVOKED (18), 'CLIENT LOCKED OUT'. The KDC has locked or"
            + " revoked an account; an administrator must release it.");
    realm.modify("web", "+allow_tix");
    web.recoversAfter(PATIENCE);
  }

  @Test
  void aKeyThatIsChangedAndThenWrittenIntoTheKeytab() throws Exception {
    realm.rotate("web", directory.resolve("elsewhere.keytab"));
    web.becomesDue();
    web.tells(
        "The login of web@MIT.EXAMPLE failed: the KDC of MIT.EXAMPLE at "
            + realm.address()
            + " says KDC_ERR_PREAUTH_FAILED (24), 'PREAUTH_FAILED'. The key of web@MIT.EXAMPLE in"
            + " the keytab is not the KDC's: write a new keytab (kadmin: ktadd -k).");
    realm.kadmin("ktadd", "-norandkey", "-k", keytab.toString(), "web");
    web.recoversAfter(PATIENCE);
  }

  @Test
  void aServiceWhoseAccountIsDisabledIsCalledAsLongAsItsTicketServes() throws Exception {
    realm.modify("HTTP/stock.test", "-allow_svr");
    web.becomesDue();
    web.recovers();
    clock.set(web.end());
    assertThatThrownBy(web::calls)
        .hasMessage(
            "The ticket of web@MIT.EXAMPLE for the service HTTP/stock.test@MIT.EXAMPLE failed: the"
                + " KDC of MIT.EXAMPLE at "
                + realm.address()
                + " says KDC_ERR_MUST_USE_USER2USER (27), 'SERVER NOT ALLOWED'. The KDC gives"
                + " nobody an ordinary ticket for that service; an administrator can allow it (with"
                + " MIT's kadmin: modprinc +allow_svr).");
  }

  private void degrades(String words) throws InterruptedException {
    web.becomesDue();
    web.tells("The login of web@MIT.EXAMPLE failed: " + words + NOT_THERE);
  }
}
