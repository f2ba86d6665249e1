// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.testkit.EmbeddedKdc;
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
      assertThat(cluster).isNull();
    }
  }
}
