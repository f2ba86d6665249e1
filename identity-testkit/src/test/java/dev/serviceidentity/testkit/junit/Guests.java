// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Test classes that are run by tests, to see what comes of them. */
final class Guests {
  private static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";

  private Guests() {}

  @ServiceIdentityTest
  static class Closing {
    @Test
    void takesWhatItIsGiven(@Kdc EmbeddedKdc kdc, TestReporter reporter) {
      assertThat(kdc.krb5Conf()).exists();
      reporter.publishEntry("krb5.conf", kdc.krb5Conf().toString());
    }
  }

  @ServiceIdentityTest
  static class Misled {
    @Test
    void wantsText(@Identity(ORDERS) String text) {
      assertThat(text).isNull();
    }
  }

  @ServiceIdentityTest
  static class Lost {
    @Test
    void wantsManifests(@Cluster("src/test/manifests/nowhere") FakeCluster cluster) {
      assertThat(cluster).isNotNull();
    }
  }

  @ServiceIdentityTest
  static class Doubled {
    @Test
    void wantsOnePrincipalTwice(@Kdc(principals = {"a", "a"}) EmbeddedKdc kdc) {
      assertThat(kdc).isNotNull();
    }
  }

  @ServiceIdentityTest
  static class Constructed {
    private final TestClock clock;
    private final FakeMechanism own;
    private final EmbeddedKdc kdc;

    Constructed(TestClock clock, @Identity(ORDERS) FakeMechanism own, @Kdc EmbeddedKdc kdc) {
      this.clock = clock;
      this.own = own;
      this.kdc = kdc;
    }

    @Test
    void one(TestClock same, TestReporter reporter) {
      use(same, reporter);
    }

    @Test
    void other(TestClock same, TestReporter reporter) {
      use(same, reporter);
    }

    private void use(TestClock same, TestReporter reporter) {
      assertThat(same).isSameAs(clock);
      own.rotate();
      assertThat(own.current().generation()).isEqualTo(2);
      reporter.publishEntry("krb5.conf", kdc.krb5Conf().toString());
    }
  }
}
