// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.Distinctions;
import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicAddressesTest {
  /** Addresses that a cluster owns, and the blocks of its policies. */
  private static List<String> representatives(Set<String> owned, String... blocks) {
    var documents =
        IntStream.range(0, blocks.length)
            .mapToObj(
                i ->
                    TestCluster.policy(
                        "shop/p" + i,
                        "{ingress: [{from: [{ipBlock: {cidr: \"" + blocks[i] + "\"}}]}]}"))
            .toArray(String[]::new);
    var facts =
        TestCluster.of(TestCluster.namespace("shop", "a: b"), String.join("\n---\n", documents))
            .facts();
    var addresses = owned.stream().map(IpAddress::parse).collect(Collectors.toSet());
    var inventory = new Inventory(List.of(), addresses, Distinctions.of(facts));
    return new PublicAddresses(inventory)
        .representatives().stream().map(IpAddress::toString).toList();
  }

  /** RFC 6890 and the registries that it began. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/8, 1.0.0.0/32",
    "10.0.0.0/8, 11.0.0.0/32",
    "100.64.0.0/10, 100.128.0.0/32",
    "127.0.0.0/8, 128.0.0.0/32",
    "169.254.0.0/16, 169.255.0.0/32",
    "172.16.0.0/12, 172.32.0.0/32",
    "192.168.0.0/16, 192.169.0.0/32",
    "fc00::/7, 2001:db8::/128",
    "fe80::/10, 2001:db8::/128"
  })
  void aSpecialRangeIsNotPublicWhateverPoliciesSayOfIt(String special, String behind) {
    Cidr block = Cidr.parse(special);

    assertThat(representatives(Set.of(), special))
        .isNotEmpty()
        .noneMatch(address -> block.contains(IpAddress.parse(address)));
    // With a policy for what is behind it, that is another answer.
    assertThat(representatives(Set.of(), special, behind)).contains(behind.split("/", -1)[0]);
  }

  @Test
  void multicastAndReservedAddressesAreNotPublic() {
    assertThat(representatives(Set.of(), "224.0.0.0/4", "240.0.0.0/4"))
        .containsExactly("203.0.113.1");
  }

  @Test
  void everyWayInWhichBlocksSeeThePublicSpaceHasOneAddress() {
    assertThat(representatives(Set.of(), "198.51.100.0/24", "198.51.100.128/25"))
        .containsExactly("203.0.113.1", "198.51.100.0", "198.51.100.128");
  }

  @Test
  void anAddressThatTheClusterOwnsStandsForNobodyOutside() {
    assertThat(representatives(Set.of("198.51.100.0", "198.51.100.1"), "198.51.100.0/24"))
        .containsExactly("203.0.113.1", "198.51.100.2");
  }

  @Test
  void ofIpv6ThereIsAnAddressOnlyWhereTheClusterOrAPolicyHasSome() {
    assertThat(representatives(Set.of())).containsExactly("203.0.113.1");
    assertThat(representatives(Set.of("2001:db8:7::1")))
        .containsExactly("203.0.113.1", "2001:db8::1");
    assertThat(representatives(Set.of(), "2001:db8:7::/48"))
        .containsExactly("203.0.113.1", "2001:db8::1", "2001:db8:7::");
  }
}
