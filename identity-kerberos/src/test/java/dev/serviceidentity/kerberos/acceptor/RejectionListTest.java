// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What the acceptor must reject, and what it must not: the list of the design, in its order and its
 * words, and which tests show each line. To be read beside the design; what stands in brackets is
 * the section of the RFC.
 */
class RejectionListTest {
  /** A line of the list, and the tests that show it. */
  private record Line(String words, Class<?> tests, List<String> names) {
    Stream<String> qualified() {
      return names.stream().map(name -> tests.getSimpleName() + "." + name);
    }
  }

  private static final List<Line> LIST =
      List.of(
          line("Valid token passes", RejectionListTicketTest.class, "aValidTokenPasses"),
          line("pvno ≠ 5", RejectionListTicketTest.class, "pvnoOtherThan5"),
          line("msg-type ≠ 14", RejectionListTicketTest.class, "msgTypeOtherThan14"),
          line("tkt-vno ≠ 5", RejectionListTicketTest.class, "tktVnoOtherThan5"),
          line(
              "authenticator-vno ≠ 5 [4120 §5.5.1]",
              RejectionListAuthenticatorTest.class,
              "authenticatorVnoOtherThan5"),
          line(
              "ticket encrypted under another key usage [§7.5.1]",
              RejectionListTicketTest.class,
              "aTicketEncryptedForAnotherUsage"),
          line(
              "authenticator encrypted under another key usage",
              RejectionListAuthenticatorTest.class,
              "anAuthenticatorEncryptedForAnotherUsage"),
          line(
              "one bit off in ticket MAC",
              RejectionListTicketTest.class,
              "oneBitOffInTheMacOfTheTicket"),
          line(
              "one bit off in authenticator MAC",
              RejectionListAuthenticatorTest.class,
              "oneBitOffInTheMacOfTheAuthenticator"),
          line("kvno not in the keytab", RejectionListTicketTest.class, "aKvnoThatTheKeytabLacks"),
          line(
              "kvno absent: try all keys of that etype",
              RejectionListTicketTest.class,
              "aKvnoThatIsAbsentIsTriedWithAllKeysOfTheType"),
          line(
              "(bounded)",
              RejectionListTicketTest.class,
              "noMoreThanSixteenKeysAreTriedForAnAbsentKvno"),
          line("INVALID flag", RejectionListTicketTest.class, "theFlagInvalid"),
          line(
              "start time beyond skew; inside skew passes",
              RejectionListTicketTest.class,
              "aStartBeyondTheSkewAndNotWithin"),
          line(
              "expired beyond skew; inside skew passes; ends in two minutes passes",
              RejectionListTicketTest.class,
              "anEndBeyondTheSkewAndNotWithin"),
          line(
              "ctime ± 10 min",
              RejectionListAuthenticatorTest.class,
              "aClockTenMinutesOffAndNotOneWithinTheSkew"),
          line(
              "cusec 1000000 or −1 [§5.2.4]",
              RejectionListAuthenticatorTest.class,
              "cusecOutsideOfASecond"),
          line(
              "cname mismatch; components split differently",
              RejectionListAuthenticatorTest.class,
              "aCnameThatIsNotTheTickets"),
          line(
              "crealm mismatch",
              RejectionListAuthenticatorTest.class,
              "aCrealmThatIsNotTheTickets"),
          line(
              "caddr present and peer address different [BADADDR]",
              RejectionListTicketTest.class,
              "anAddressThatIsNotThePeers"),
          line(
              "USE-SESSION-KEY without user-to-user; unknown ap-option bits are ignored",
              RejectionListAuthenticatorTest.class,
              "userToUserAndNotOptionsThatAreUnknown"),
          line(
              "authenticator checksum missing [4121 §4.1.1]",
              RejectionListAuthenticatorTest.class,
              "aChecksumThatIsMissing"),
          line(
              "checksum type ≠ 0x8003",
              RejectionListAuthenticatorTest.class,
              "aChecksumOfAnotherType"),
          line(
              "checksum shorter than 24",
              RejectionListAuthenticatorTest.class,
              "aChecksumShorterThan24"),
          line("Bnd length ≠ 16", RejectionListAuthenticatorTest.class, "bindingsOfAnotherLength"),
          line(
              "channel binding present but none required",
              RejectionListAuthenticatorTest.class,
              "channelBindingsThatArePresentAndNotRequiredPass"),
          line(
              "channel binding absent but REQUIRE",
              RejectionListAuthenticatorTest.class,
              "channelBindingsThatAreAbsentAndRequired"),
          line(
              "channel binding of another certificate",
              RejectionListAuthenticatorTest.class,
              "channelBindingsOfAnotherCertificate"),
          line(
              "trailing bytes after the AP-REQ or after the outer TLV",
              RejectionListFramingTest.class,
              "trailingBytesAfterTheApReqOrTheOuterTlv"),
          line(
              "sname not ours though a key fits [NOT_US]",
              RejectionListNamesTest.class,
              "aServiceThatIsNotOursThoughAKeyFits"),
          line("realm not ours", RejectionListNamesTest.class, "aRealmThatIsNotOurs"),
          line(
              "session key RC4/DES [8429]",
              RejectionListTicketTest.class,
              "aRetiredTypeOfTicketOrSessionKeyIsNamed"),
          line(
              "unknown etype 999",
              RejectionListTicketTest.class,
              "aTypeThatIsUnknownToUsIsNamedForTicketAndSessionKey"),
          line(
              "authenticator etype ≠ session key etype",
              RejectionListAuthenticatorTest.class,
              "anAuthenticatorOfAnotherTypeThanTheSessionKey"),
          line(
              "unknown critical authorization-data; inside AD-IF-RELEVANT it passes [§5.2.6]:"
                  + " ticket",
              RejectionListTicketTest.class,
              "criticalAuthorizationDataThatIsUnknownAndNotWhatIsIrrelevant"),
          line(
              "the same: authenticator",
              RejectionListAuthenticatorTest.class,
              "criticalAuthorizationDataThatIsUnknownAndNotWhatIsIrrelevant"),
          line("empty cname", RejectionListNamesTest.class, "anEmptyCname"),
          line(
              "DELEG flag without data",
              RejectionListAuthenticatorTest.class,
              "theFlagForDelegationWithoutData"),
          line("exact replay", RejectionListReplayTest.class, "anExactReplay"),
          line(
              "replay with any unauthenticated field of the message rewritten",
              RejectionListReplayTest.class,
              "aReplayWithOptionsThatAreIgnored",
              "aReplayWithAnyOtherFieldRewritten",
              "aReplayInAnotherFrame",
              "aReplayWithoutTheMechListMicThatItHad"),
          line(
              "the same: every bit of it",
              FlippedBitTest.class,
              "noBitMakesAnotherTokenOfOneThatWasAccepted"),
          line(
              "replay with another DER encoding",
              RejectionListReplayTest.class,
              "aReplayInAnotherDerEncoding"),
          line(
              "replay raced by N threads",
              RejectionListReplayTest.class,
              "aReplayRacedByManyThreads"),
          line(
              "same ctime/cusec but another confounder passes",
              RejectionListReplayTest.class,
              "theSameTimeWithAnotherConfounderPasses"),
          line(
              "SPNEGO: no mechToken [4178]",
              RejectionListFramingTest.class,
              "spnegoWithoutMechToken"),
          line(
              "NTLM first with an optimistic NTLM token (CONTINUATION_UNSUPPORTED)",
              RejectionListFramingTest.class,
              "ntlmFirstWithAnOptimisticNtlmToken"),
          line("raw NTLMSSP", RejectionListFramingTest.class, "rawNtlm"),
          line(
              "wrong mechListMIC",
              RejectionListFramingTest.class,
              "aWrongMechListMicAndNotARightOne"),
          line("NegTokenResp first", RejectionListFramingTest.class, "aNegTokenRespFirst"),
          line(
              "the Microsoft krb5 OID in the list is accepted, the inner OID must be krb5",
              RejectionListFramingTest.class,
              "theOidOfMicrosoftInTheListPassesAndInsideItDoesNot"),
          line("wrong inner OID", RejectionListFramingTest.class, "aWrongInnerOid"),
          line("TOK_ID 02 00, 03 00, 04 00", RejectionListFramingTest.class, "anotherTokId"),
          line("DER: indefinite length", RejectionListFramingTest.class, "anIndefiniteLength"),
          line("non-minimal length", RejectionListFramingTest.class, "aLengthThatIsNotMinimal"),
          line("length past the end", RejectionListFramingTest.class, "aLengthPastTheEnd"),
          line("length 0x7fffffff", RejectionListFramingTest.class, "aLengthOf7fffffff"),
          line("nesting bomb", RejectionListFramingTest.class, "aNestingBomb"),
          line("duplicate fields", RejectionListFieldsTest.class, "fieldsThatAreDoubled"),
          line(
              "missing fields",
              RejectionListFieldsTest.class,
              "fieldsThatAreMissingAndNotThoseThatMayBe"),
          line("reordered fields", RejectionListFieldsTest.class, "fieldsThatAreReordered"),
          line("integer above 32 bits", RejectionListFramingTest.class, "anIntegerAbove32Bits"),
          line(
              "NUL and non-ASCII in a name component (escaped when the principal is rendered)",
              RejectionListNamesTest.class,
              "nulAndWhatIsNotAsciiAreEscapedInTheReason"),
          line(
              "'/' and '@' in a name component",
              RejectionListNamesTest.class,
              "slashesAndAtSignsInAComponentAreEscapedAndNotSeparators"),
          line(
              "cipher shorter than confounder + MAC: ticket",
              RejectionListTicketTest.class,
              "aCipherShorterThanAConfounderAndAMac"),
          line(
              "the same: authenticator",
              RejectionListAuthenticatorTest.class,
              "aCipherShorterThanAConfounderAndAMac"),
          line(
              "exactly one block: ticket",
              RejectionListTicketTest.class,
              "aCipherOfExactlyOneBlock"),
          line(
              "the same: authenticator",
              RejectionListAuthenticatorTest.class,
              "aCipherOfExactlyOneBlock"),
          line(
              "GeneralizedTime 20261301…, with a fraction, without Z",
              RejectionListTicketTest.class,
              "timesThatKerberosDoesNotHave"),
          line("token over 64 kB", RejectionListFramingTest.class, "aTokenOver64Kilobytes"),
          line("bad base64", RejectionListFramingTest.class, "badBase64"),
          line(
              "every 1-bit flip of a valid token",
              FlippedBitTest.class,
              "onlyOptionsThatAreIgnoredAndTheTypeOfTheServicesNameSurvive",
              "theFrameOfSpnegoHasNoBitToSurviveUnderAMechListMic",
              "withoutAMechListMicTheBitThatMakesTheMechanismMicrosoftsSurvives"),
          line(
              "cross-realm client: allow-list policy",
              RejectionListNamesTest.class,
              "aClientOfAnotherRealmWhichIsNotTrusted",
              "aClientOfATrustedRealmPassesIfTheKdcHasCheckedTheWay",
              "aClientOfARealmOfWhichTheKeytabOnlyHoldsAKey",
              "aClientOfTheOwnRealmWhoseTicketHasBeenToOthersThatTheKdcDidNotCheck"),
          line("an anonymous client", RejectionListNamesTest.class, "anAnonymousTicket"),
          line(
              "A bad token is a value with a reason, never an exception",
              FlippedBitTest.class,
              "randomChangesNeverThrowAndPassOnlyIfNothingAuthenticatedHasChanged"),
          line(
              "never more than O(its size) work before authentication",
              BoundedWorkTest.class,
              "whatATokenCostsBeforeItIsAuthenticatedIsAFewTimesItsSize"),
          line(
              "own principals: the whole keytab, or an allow-list",
              RejectionListNamesTest.class,
              "anotherPrincipalOfTheKeytabIsOursUnlessTheListLeavesItOut",
              "aServiceWhoseNameIsNotAsciiIsFoundByItsBytes"),
          line(
              "decrypted-ticket cache: key = all bytes and the key that opened it",
              TicketCacheTest.class,
              "aTicketIsFoundByAllItsBytesAndTheKeyAndNameItWasOpenedFor"),
          line(
              "inserted only after an authenticator has verified",
              TicketCacheTest.class,
              "aTicketIsKeptOnlyIfItsAuthenticatorWasVerified"),
          line(
              "bounded, with a quota per principal",
              TicketCacheTest.class,
              "oneClientHoldsASixteenthAndNoMore",
              "aClientThatHoldsAllItMayGivesUpAnOldTicketForANewOne",
              "whatWasUsedLongestAgoGivesWay",
              "aTicketIsKeptOnce",
              "aTicketKeepsItsCiphertextAndNotWhatStoodAroundItOrInIt",
              "aTicketOfMoreThanEightKilobytesIsNotKept",
              "whatHasEndedIsForgottenAndMakesRoom"),
          line(
              "re-checked on every use",
              TicketCacheTest.class,
              "timesAreJudgedAnewForAKnownTicket",
              "theAddressIsJudgedAnewForAKnownTicket",
              "whatStandsOutsideOfItIsJudgedAnewForAKnownTicket"),
          line(
              "emptied on key change",
              TicketCacheTest.class,
              "aKnownTicketIsRefusedWhenItsKeyHasLeftTheKeytab"),
          line(
              "replay cache: of the key that opened the ticket, never of what the sender can"
                  + " change",
              RejectionListReplayTest.class,
              "aReplayUnderAnotherNameThatHasTheSameKey",
              "aReplayAfterAnotherNameOfTheSameKeyCameFirstInTheKeytab",
              "aReplayAfterTheKeytabWasReadAgain"),
          line(
              "window 2 × skew, order of arrival irrelevant",
              RejectionListReplayTest.class,
              "aReplayOfATokenOfTheFutureForAsLongAsItPasses",
              "theOrderOfArrivalIsIrrelevant"),
          line(
              "hard cap, of which one client may hold a sixteenth: OVER_QUOTA",
              RejectionListReplayTest.class,
              "aClientThatHoldsASixteenthOfTheStoreIsRefusedAndNobodyElse",
              "aFullStoreRefusesAndSaysSo",
              "theClientsOfAnotherRealmCannotShutOutThoseOfTheOwn",
              "whatIsRefusedForAnotherReasonTakesNoRoom"),
          line(
              "authenticators older than the cache's own start are refused",
              RejectionListReplayTest.class,
              "whatWasSentBeforeARestart"),
          line(
              "beyond the list: a clock that was put back brings nothing back",
              RejectionListReplayTest.class,
              "aReplayAfterTheClockWasPutBack",
              "aTokenOfTheTimeBetweenAfterTheClockWasPutBackUntilItHasCaughtUp"),
          line(
              "SPI for a shared store",
              RejectionListReplayTest.class,
              "twoAcceptorsOnOneStoreAcceptATokenOnce",
              "twoAcceptorsWhoseKeytabsNameTheSameKeyDifferentlyAcceptATokenOnce",
              "aStoreThatCannotTellRefusesAndSaysSo"),
          line(
              "beyond the list: a key whose kvno the keytab does not know",
              RejectionListTicketTest.class,
              "aKeyWhoseVersionTheKeytabDoesNotKnowIsTriedForEveryKvno"),
          line(
              "beyond the list: kvno above 255 and a keytab with eight bits",
              RejectionListTicketTest.class,
              "aKvnoAbove255FitsAnEntryThatHasRoomForTheLowestEightBitsOnly",
              "aKvnoAbove255FitsNoEntryThatHasRoomForAllOfIt"),
          line(
              "beyond the list: etype of which the keytab has no key",
              RejectionListTicketTest.class,
              "aTypeOfWhichTheKeytabHasNoKey"),
          line(
              "beyond the list: keys of wrong length, retired subkey",
              RejectionListTicketTest.class,
              "aSessionKeyOfTheWrongLength"),
          line("the same: subkey", RejectionListAuthenticatorTest.class, "aSubkeyOfARetiredType"),
          line(
              "beyond the list: what passes",
              RejectionListTicketTest.class,
              "aTicketWithoutStartBeginsWhenTheClientWasAuthenticated",
              "whatIsMandatoryForTheKdcAlonePasses",
              "anEmptyListOfAddressesIsNone",
              "aTokenOfAlmost64KilobytesWithALargePacPasses"),
          line(
              "the same: in the checksum",
              RejectionListAuthenticatorTest.class,
              "bytesBehindTheFlagsAreExtensionsAndPass"),
          line(
              "beyond the list: mutual option against the authenticated flag; DCE style",
              RejectionListAuthenticatorTest.class,
              "anOptionThatContradictsWhatIsAuthenticated",
              "dceStyleWhichTakesAThirdToken"),
          line(
              "beyond the list: mechListMIC under the client's subkey",
              RejectionListFramingTest.class,
              "theMechListMicIsMadeWithTheSubkeyOfTheClientIfItHasOne"));

  @Test
  void everyLineIsShownByTestsThatAreThere() {
    assertThat(LIST).allSatisfy(line -> assertThat(testsOf(line.tests)).containsAll(line.names));
  }

  @Test
  void everyTestStandsInTheListOnce() {
    List<String> listed = LIST.stream().flatMap(Line::qualified).toList();
    assertThat(listed).doesNotHaveDuplicates();
    Set<String> there =
        LIST.stream()
            .map(Line::tests)
            .distinct()
            .flatMap(type -> testsOf(type).stream().map(name -> type.getSimpleName() + "." + name))
            .collect(Collectors.toSet());
    assertThat(listed).containsExactlyInAnyOrderElementsOf(there);
  }

  private static Line line(String words, Class<?> tests, String... names) {
    return new Line(words, tests, List.of(names));
  }

  private static Set<String> testsOf(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
