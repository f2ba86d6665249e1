// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import org.junit.jupiter.api.Test;

/** Test classes that are run by tests, to see what comes of them. */
final class Guests {
  private static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";

  private Guests() {}

  @ServiceIdentityTest
  static class Closing {
    static EmbeddedKdc given;
    static FakeMechanism mechanism;

    @Test
    void takesWhatItIsGiven(@Kdc EmbeddedKdc kdc, @Identity(ORDERS) FakeMechanism own) {
      given = kdc;
      mechanism = own;
      assertThat(kdc.krb5Conf()).exists();
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
      assertThat(cluster).isNull();
    }
  }
}
