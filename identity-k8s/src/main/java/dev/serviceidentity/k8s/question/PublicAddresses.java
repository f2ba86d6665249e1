// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.IpAddress.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The world outside: public addresses, one for each way in which the policies' blocks see them.
 * Private, shared and special ranges (IANA special-purpose registries, RFC 6890) may be the
 * cluster's own or a neighbour's and are named by address; those for documentation (RFC 5737, RFC
 * 3849) stand for public ones, as they do in everybody's examples.
 */
final class PublicAddresses {
  private static final List<Cidr> NOT_PUBLIC =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "224.0.0.0/3");
  private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");
  private static final List<IpAddress> FAMILIAR =
      List.of(IpAddress.parse("203.0.113.1"), IpAddress.parse("2001:db8::1"));

  private final Inventory inventory;

  PublicAddresses(Inventory inventory) {
    this.inventory = inventory;
  }

  /** Returns addresses no two of which the policies see alike; IPv6 only where the cluster has. */
  List<IpAddress> representatives() {
    var alike = new LinkedHashMap<Object, IpAddress>();
    FAMILIAR.forEach(address -> add(address, alike));
    List<Cidr> blocks = inventory.distinctions().blocks();
    blocks.forEach(block -> addEdges(block, alike));
    NOT_PUBLIC.forEach(block -> addEdges(block, alike));
    addEdges(GLOBAL_UNICAST, alike);
    boolean six =
        inventory.owned().stream().anyMatch(address -> address.family() == Family.IPV6)
            || blocks.stream().anyMatch(block -> block.address().family() == Family.IPV6);
    return alike.values().stream()
        .filter(address -> six || address.family() == Family.IPV4)
        .toList();
  }

  /** Between two edges of blocks all addresses are alike, so the edges are all that matters. */
  private void addEdges(Cidr block, Map<Object, IpAddress> alike) {
    var range = AddressRange.of(block);
    range.firsts(inventory.owned()).forEach(address -> add(address, alike));
  }

  private void add(IpAddress address, Map<Object, IpAddress> alike) {
    if (isPublic(address) && !inventory.owned().contains(address)) {
      alike.putIfAbsent(inventory.distinctions().likenessOf(address), address);
    }
  }

  private static boolean isPublic(IpAddress address) {
    return address.family() == Family.IPV4
        ? NOT_PUBLIC.stream().noneMatch(block -> block.contains(address))
        : GLOBAL_UNICAST.contains(address);
  }

  private static List<Cidr> blocks(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
