// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {
  private static final int ADDRESSES = 1000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** The most are more than the index holds, so that the rest is searched for. */
  @ParameterizedTest(name = "{0} blocks")
  @ValueSource(ints = {0, 1, 30, 1500})
  void twoAddressesHaveOneNumberIfAndOnlyIfTheyAreInTheSameBlocks(int count) {
    System.out.println("BlocksTest: -Dseed=" + seed);
    Set<Cidr> blocks = new HashSet<>();
    for (int i = 0; i < count; i++) {
      blocks.add(block());
    }
    Blocks numbered = Blocks.of(blocks);
    Map<List<Object>, Integer> numbers = new HashMap<>();
    for (IpAddress address : addresses(List.copyOf(blocks))) {
      List<Object> around =
          List.of(
              address.family(),
              blocks.stream().filter(b -> b.contains(address)).collect(Collectors.toSet()));
      int number = numbered.numberOf(address);

      assertThat(numbers.computeIfAbsent(around, a -> number)).as("%s", address).isEqualTo(number);
      assertThat(numbered.numberOf(numbered.examples().get(number))).isEqualTo(number);
    }
    assertThat(numbers.values()).doesNotHaveDuplicates();
  }

  /** The time only ends what would not end: comparing each block with each takes hours. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "IPV4, 200000, 200002", // beside these, the rest of IPv4 and all of IPv6
    "IPV6, 200000, 200002"
  })
  void manyBlocksTakeOnePass(IpAddress.Family family, int count, int numbers) {
    Set<Cidr> blocks = new HashSet<>();
    for (int i = 0; i < count; i++) {
      IpAddress address =
          family == IpAddress.Family.IPV4
              ? IpAddress.ofV4(0x0a00_0000L + 2L * i)
              : IpAddress.ofV6(0x2001_0db8_0000_0000L, 2L * i);
      blocks.add(new Cidr(address, family.bits()));
    }

    Blocks numbered = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> Blocks.of(blocks));

    assertThat(numbered.examples()).hasSize(numbers);
  }

  @Test
  void blocksAroundTheMappedAddressesAreNotAroundIpv4() {
    Blocks numbered =
        Blocks.of(Set.of(Cidr.parse("::/0"), Cidr.parse("::fffe:0:0/95"), Cidr.parse("0.0.0.0/0")));

    assertThat(numbered.numberOf(IpAddress.parse("0.0.0.0")))
        .isEqualTo(numbered.numberOf(IpAddress.parse("255.255.255.255")))
        .isNotEqualTo(numbered.numberOf(IpAddress.parse("::fffe:0:1")));
    assertThat(numbered.numberOf(IpAddress.parse("::1:0:0:0")))
        .isEqualTo(numbered.numberOf(IpAddress.parse("::1")));
    assertThat(numbered.examples()).hasSize(3);
  }

  private Cidr block() {
    IpAddress address = address();
    int bits = address.family().bits();
    int length = random.nextInt(4) == 0 ? bits : random.nextInt(bits + 1);
    return Cidr.parse(address + "/" + length);
  }

  private IpAddress address() {
    if (random.nextBoolean()) {
      long bits = random.nextInt() & 0xffff_ffffL;
      return IpAddress.ofV4(random.nextBoolean() ? bits : 0x0a00_0000L | (bits & 0xff_ffffL));
    }
    long high = random.nextBoolean() ? random.nextLong() : 0x2001_0db8_0000_0000L;
    return IpAddress.ofV6(random.nextInt(8) == 0 ? 0 : high, random.nextLong());
  }

  /** Those at the borders, next to them, and anywhere. */
  private List<IpAddress> addresses(List<Cidr> blocks) {
    var addresses = new ArrayList<IpAddress>();
    for (int i = 0; i < ADDRESSES; i++) {
      IpAddress any = address();
      if (!blocks.isEmpty() && random.nextInt(3) > 0) {
        IpAddress first = blocks.get(random.nextInt(blocks.size())).masked().address();
        long low = first.low() + random.nextInt(3) - 1;
        any =
            first.family() == IpAddress.Family.IPV4
                ? IpAddress.ofV4(low & 0xffff_ffffL)
                : IpAddress.ofV6(first.high(), low);
      }
      addresses.add(any);
    }
    return addresses;
  }
}
