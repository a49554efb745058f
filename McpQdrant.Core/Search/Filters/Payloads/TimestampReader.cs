namespace McpQdrant.Core.Search.Filters;

/// <summary>Reads times in every spelling that Qdrant 1.18 reads. What the text doesn't say is midnight and UTC.</summary>
/// <remarks>
/// Qdrant tries several formats one after the other. They are two families, which are read here in one pass:
/// the lenient one is RFC 3339 with blanks anywhere, also <c>t</c> or <c>UTC</c>, and a whole offset required;
/// the plain one takes no blanks before <c>-</c> and <c>:</c>, but any or none between date and time, and may lack the offset or its minutes,
/// or the seconds with it, or the time. In both a number may have fewer digits than usual, and blanks before it;
/// a year of more than four digits, or below zero, takes a sign.
/// </remarks>
internal ref struct TimestampReader(ReadOnlySpan<char> text)
{
    /// <summary>The years that the calendar of Qdrant's library has.</summary>
    private const int MinYear = -262_143;
    private const int MaxYear = 262_142;

    private const int SecondsOfDay = 86_400;
    private const int LeapNanoseconds = 1_000_000_000;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private bool _mayBeLenient = true;
    private bool _mayBePlain = true;

    private readonly bool IsAtEnd => _at == _text.Length;

    public bool TryRead(out Timestamp timestamp)
    {
        var nanoseconds = 0;
        var offset = 0;
        var isRead = UsualDateAndTime(out var days, out var seconds)
            ? (!Take('.') || Fraction(out nanoseconds)) && (IsAtEnd || Offset(out offset))
            : Date(out days) && TimeOfDay(out seconds, out nanoseconds, out offset);

        timestamp = new Timestamp((days * SecondsOfDay) + seconds - offset, nanoseconds);
        return isRead;
    }

    /// <summary>Reads <c>2024-05-01T10:20:30</c>, as nearly all times begin; nothing where the text begins otherwise.</summary>
    private bool UsualDateAndTime(out long days, out int seconds)
    {
        days = seconds = 0;
        if (_text.Length < 19 || _text[4] != '-' || _text[7] != '-' || _text[10] != 'T' || _text[13] != ':' || _text[16] != ':')
            return false;

        int century = Pair(0), year = Pair(2), month = Pair(5), day = Pair(8), hours = Pair(11), minutes = Pair(14), second = Pair(17);
        year += century * 100;
        if (century < 0 || year < 0 || month is < 1 or > 12 || day < 1 || day > DaysOf(year, month)
            || hours is < 0 or > 23 || minutes is < 0 or > 59 || second is < 0 or > 59)
            return false;

        _at = 19;
        days = DaysBefore(year, month, day);
        seconds = (hours * 3600) + (minutes * 60) + second;
        return true;
    }

    /// <summary>The number that two digits make; below zero by far where they aren't digits.</summary>
    private readonly int Pair(int at) => char.IsAsciiDigit(_text[at]) && char.IsAsciiDigit(_text[at + 1])
        ? ((_text[at] - '0') * 10) + (_text[at + 1] - '0')
        : -100_000;

    /// <summary>The plain family may end here, after the minutes or after the seconds; the lenient one has an offset.</summary>
    private bool TimeOfDay(out int seconds, out int nanoseconds, out int offset)
    {
        seconds = nanoseconds = offset = 0;
        if (IsAtEnd)
            return _mayBePlain;
        if (!Separator() || !HoursAndMinutes(out seconds))
            return false;
        if (IsAtEnd)
            return _mayBePlain;
        if (!Seconds(ref seconds, out nanoseconds))
            return false;

        return IsAtEnd ? _mayBePlain : Offset(out offset);
    }

    private bool Date(out long days)
    {
        days = 0;
        if (!Year(out var year) || !Mark('-') || !Number(1, 12, out var month) || !Mark('-') || !Number(1, 31, out var day))
            return false;
        if (day > DaysOf(year, month))
            return false;

        days = DaysBefore(year, month, day);
        return true;
    }

    private bool Year(out long year)
    {
        SkipBlanks();
        var isNegative = Take('-');
        var isSigned = isNegative || Take('+');
        var isRead = Digits(isSigned ? int.MaxValue : 4, out year, out _);
        year = isNegative ? -year : year;
        return isRead && year is >= MinYear and <= MaxYear;
    }

    private bool Separator()
    {
        if (Take('T'))
            return true;

        if (Take('t'))
            _mayBePlain = false;
        else if (!Take(' '))
            _mayBeLenient = false;
        return _mayBeLenient || _mayBePlain;
    }

    private bool HoursAndMinutes(out int seconds)
    {
        var isRead = Number(0, 23, out var hours) & Mark(':') & Number(0, 59, out var minutes);
        seconds = (hours * 3600) + (minutes * 60);
        return isRead;
    }

    private bool Seconds(ref int seconds, out int nanoseconds)
    {
        nanoseconds = 0;
        if (!Mark(':') || !Number(0, 60, out var second) || (Take('.') && !Fraction(out nanoseconds)))
            return false;

        seconds += Math.Min(second, 59);
        nanoseconds += second == 60 ? LeapNanoseconds : 0;
        return true;
    }

    /// <summary>Digits after the ninth say nothing.</summary>
    private bool Fraction(out int nanoseconds)
    {
        var isRead = Digits(9, out var value, out var count);
        for (; count < 9; count++)
            value *= 10;

        nanoseconds = (int)value;
        Digits(int.MaxValue, out _, out _);
        return isRead;
    }

    private bool Offset(out int seconds)
    {
        seconds = 0;
        SkipBlanks();
        if (_text[_at..].StartsWith("UTC", StringComparison.OrdinalIgnoreCase))
        {
            _at += 3;
            _mayBePlain = false;
        }
        else if (!Take('Z') && !Take('z') && !SignedOffset(out seconds))
        {
            return false;
        }

        return IsAtEnd ? _mayBePlain || _mayBeLenient : _mayBeLenient && _text[_at..].IsWhiteSpace();
    }

    private bool SignedOffset(out int seconds)
    {
        seconds = 0;
        var isNegative = Take('-') || Take('\u2212');
        if ((!isNegative && !Take('+')) || !TwoDigits(out var hours))
            return false;

        while (SkipBlanks() || Take(':'))
        {
        }

        var minutes = 0;
        if (IsAtEnd)
            _mayBeLenient = false;
        else if (!TwoDigits(out minutes) || minutes > 59)
            return false;

        seconds = ((hours * 3600) + (minutes * 60)) * (isNegative ? -1 : 1);
        return Math.Abs(seconds) < SecondsOfDay;
    }

    /// <summary>A dash or a colon. Blanks before it are for the lenient family alone.</summary>
    private bool Mark(char mark)
    {
        if (SkipBlanks())
            _mayBePlain = false;
        return Take(mark);
    }

    /// <summary>One or two digits, and blanks before them.</summary>
    private bool Number(int min, int max, out int value)
    {
        SkipBlanks();
        var isRead = Digits(2, out var digits, out _);
        value = (int)digits;
        return isRead && value >= min && value <= max;
    }

    private bool TwoDigits(out int value)
    {
        var isRead = Digits(2, out var digits, out var count);
        value = (int)digits;
        return isRead && count == 2;
    }

    private bool Digits(int atMost, out long value, out int count)
    {
        var start = _at;
        value = 0;
        for (; _at - start < atMost && !IsAtEnd && char.IsAsciiDigit(_text[_at]); _at++)
            value = Math.Min((value * 10) + (_text[_at] - '0'), int.MaxValue); // A year of so many digits is out of range anyway.

        count = _at - start;
        return count > 0;
    }

    private bool Take(char expected)
    {
        if (IsAtEnd || _text[_at] != expected)
            return false;

        _at++;
        return true;
    }

    private bool SkipBlanks()
    {
        var start = _at;
        while (!IsAtEnd && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at > start;
    }

    private static int DaysOf(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Days from 1970-01-01 in the Gregorian calendar, continued backwards. Years are counted from March, so that leap days end them.</summary>
    private static long DaysBefore(long year, int month, int day)
    {
        var marchYear = month > 2 ? year : year - 1;
        var era = marchYear >= 0 ? marchYear / 400 : (marchYear - 399) / 400;
        var yearOfEra = marchYear - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }
}
